// SPDX-License-Identifier: Apache-2.0
// The disassemblers that judge the models: Capstone, LLVM's MC and GNU objdump.
#pragma once

#include <memory>

#include "ir/result.hpp"
#include "isa-models/conformance/conformance.hpp"

namespace validator::app {

/// The readers, which own their disassemblers. `gnu`: with objdump, a process for each call. Errors: a disassembler is missing.
ir::Result<isa::Readers> isa_readers(bool gnu);

}  // namespace validator::app
