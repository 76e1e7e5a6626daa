// SPDX-License-Identifier: Apache-2.0
// GNU binutils for AArch64, as programs: an assembler for `isa show "mnemonic ..."` and a disassembler that judges the models.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/result.hpp"

namespace validator::app {

/// One text for each word, PC-relative operands from address 0 on; "" where objdump prints no instruction.
ir::Result<std::vector<std::string>> gnu_disassemble(const std::vector<std::uint32_t>& words);
/// The word of exactly one instruction. Errors: what the assembler says.
ir::Result<std::uint32_t> gnu_assemble(const std::string& instruction);

}  // namespace validator::app
