// SPDX-License-Identifier: Apache-2.0
// Text of A64 assembly to instruction words, by LLVM's assembler. No Clang here.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ir/result.hpp"

namespace validator::source {

/// The words of a piece of straight-line assembly. Errors: "asm-syntax" (the assembler refuses the text), "asm-symbol"
/// (a word needs a relocation), "asm-section" (anything but code is emitted). Locations are left empty.
ir::Result<std::vector<std::uint32_t>> assemble(const std::string& text);

}  // namespace validator::source
