// SPDX-License-Identifier: Apache-2.0
// Changes of one A64 instruction to a neighbour with another meaning: add to sub, a condition to its inverse, another offset, another
// constant. Encodings: Arm ARM (DDI 0487), C4.1 "A64 instruction set encoding".
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

namespace mutation {

struct Edit {
  std::string_view name;
  std::uint32_t after = 0;
};

/// All edits that apply to the word; empty for branches without a condition, calls, hints and system instructions.
std::vector<Edit> edits_of(std::uint32_t word);

}  // namespace mutation
