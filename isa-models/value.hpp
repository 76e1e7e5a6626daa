// SPDX-License-Identifier: Apache-2.0
// Values of the partial evaluator. What depends on the word alone is static (plain numbers); what touches registers, flags,
// memory or the environment is dynamic: a term of known width. In checking mode the terms are null and only
// widths are followed.
#pragma once

#include <string>
#include <vector>

#include "isa-models/ast.hpp"

namespace isa {

struct Value {
  ValueKind kind = ValueKind::none;
  bool is_static = true;
  unsigned width = 0;             ///< bits
  u128 bits = 0;                  ///< static bits
  i128 number = 0;                ///< integer; static boolean 0 or 1
  ir::Term term;                  ///< dynamic bits (BitVec) or dynamic boolean (Bool)
  std::vector<ir::Term> bools;    ///< dynamic bits kept as Bools, MSB first (flags); then `term` is unused
  std::string text;
  std::vector<Value> items;

  static Value integer(i128 number);
  static Value boolean(bool value);
  static Value constant(u128 bits, unsigned width);
  static Value string(std::string text);
  static Value dynamic(ir::Term term, unsigned width);
  static Value condition(ir::Term term);
  static Value tuple(std::vector<Value> items);
};

/// "integer", "boolean", "bits", ...
const char* kind_name(ValueKind kind);

/// 2^width - 1 for width 0..128.
constexpr u128 low_mask(unsigned width) { return width >= 128 ? ~u128{0} : (u128{1} << width) - 1; }
/// The two's complement value of `bits`.
constexpr i128 signed_value(u128 bits, unsigned width) {
  if (width == 0 || width >= 128) return static_cast<i128>(bits);
  const u128 sign = u128{1} << (width - 1);
  return static_cast<i128>((bits ^ sign) - sign);
}

}  // namespace isa
