// SPDX-License-Identifier: Apache-2.0
// The 32 bits of an encoding as columns, for `isa show` and the documentation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "isa-models/ast.hpp"

namespace isa {

/// One run of bits: literal, should-be, or a field.
struct BitColumn {
  unsigned hi = 0;
  unsigned lo = 0;
  std::string label;  ///< "01011", "(1111)", or the field's name
  bool is_field = false;
  std::string bits() const { return hi == lo ? std::to_string(hi) : std::to_string(hi) + ":" + std::to_string(lo); }
};
std::vector<BitColumn> bit_columns(const Encoding& encoding);

/// Three aligned lines: bit numbers, labels, the word's bits.
std::string bit_diagram(const Encoding& encoding, std::uint32_t word);

}  // namespace isa
