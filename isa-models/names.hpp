// SPDX-License-Identifier: Apache-2.0
// Names from the tables sysregs.tsv and sysops.tsv, with a systematic name for what has no row.
#pragma once

#include <string>
#include <string_view>

#include "isa-models/model_data.hpp"

namespace isa {

/// prefix followed by the decimal number.
std::string numbered(std::string_view prefix, unsigned number);
/// "eq", "ne", ... for the 4-bit condition.
std::string_view condition_name(unsigned condition);
/// "s3_0_c2_c0_0" for op0:op1:CRn:CRm:op2 (2:3:4:4:3 bits).
std::string register_code(unsigned encoding);
/// The Arm ARM name ("TTBR0_EL1"), or the upper-case code ("S3_0_C2_C0_0") when there is no row.
std::string register_detail(const ModelData& data, unsigned encoding);
/// May the register be written, or read? Without a row: yes.
bool register_allows(const ModelData& data, unsigned encoding, bool write);
/// A row's name, or "#<encoding>" ("sys": "sys <op1>, c<CRn>, c<CRm>, <op2>").
std::string operation_name(const ModelData& data, const std::string& kind, unsigned encoding);
/// Does this SYS operation use its register? Without a row: yes.
bool operation_takes_operand(const ModelData& data, unsigned encoding);

}  // namespace isa
