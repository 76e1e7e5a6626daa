// SPDX-License-Identifier: Apache-2.0
// The operators of the rule language: one row each with its typing, its constructor in ir, and its meaning on numbers.
//
// The meaning is written here a second time, from the definitions (SMT-LIB FixedSizeBitVectors; division by zero as A64
// computes it, see ir/build.hpp), and shares no code with ir's evaluator: the prover of rules compares the two.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "ir/term.hpp"

namespace rules {

/// How operands and result are typed. Integer operands come first.
enum class Shape : std::uint8_t {
  logical,    ///< Bool... -> Bool
  bits,       ///< bits n ... -> bits n
  compare,    ///< bits n, bits n -> Bool
  equality,   ///< s, s -> Bool, for any sort
  choose,     ///< Bool, s, s -> s
  join,       ///< bits m, bits n, ... -> bits m+n+...; the first operand is the highest
  slice,      ///< int hi, int lo, bits n -> bits hi-lo+1
  grow,       ///< int n, bits m -> bits n, n >= m
  test,       ///< int index, bits n -> Bool
  from_bool,  ///< int n, Bool -> bits n
  literal     ///< int value, int n -> bits n
};

/// The operands of one application, as numbers. A Bool is 0 or 1.
struct Operands {
  std::span<const ir::u128> values;
  std::span<const unsigned> widths;  ///< bits of each operand; 0 for Bool
  unsigned width = 0;                ///< bits of the result; 0 for Bool
  std::array<unsigned, 2> ints{};    ///< integer operands: slice hi, lo; test index
};

struct Operator {
  std::string_view name;
  Shape shape = Shape::bits;
  unsigned min_args = 0;  ///< with the integer operands
  unsigned max_args = 0;
  /// `width` is the result's, `ints` the integer operands.
  ir::Term (*build)(std::span<const ir::Term> args, unsigned width, std::array<unsigned, 2> ints) = nullptr;
  ir::u128 (*meaning)(const Operands& operands) = nullptr;
};

/// Null when there is no operator of this name.
const Operator* find_operator(std::string_view name);
std::span<const Operator> all_operators();
/// How many of an operator's first operands are integers.
unsigned integer_operands(Shape shape);

}  // namespace rules
