// SPDX-License-Identifier: Apache-2.0
// Terms compiled to straight-line code over numbered slots: random search runs the same graph many thousand times, and
// walking hash-consed terms through a memo table costs ten times more than the arithmetic.
//
// Next to each value stands a mask of *unspecified* bits: those that depend on a Choice or on indeterminate bytes.
// A difference in such a bit refutes nothing, because another choice might remove it.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "ir/term.hpp"

namespace validator::replay {

using ir::u128;
using Slot = std::uint32_t;

struct Cell {
  u128 value = 0;
  u128 unspecified = 0;
};

struct Instruction {
  ir::Op op;
  std::uint8_t width = 0;  ///< of the result; Bool counts as 1
  std::uint8_t lo = 0;     ///< extract
  Slot result = 0;
  std::uint32_t first = 0;  ///< operands: FlatCode::operands[first, first + count)
  std::uint32_t count = 0;
  std::uint32_t coefficients = 0;  ///< sum: FlatCode::coefficients, one per operand, then the offset
};

/// Half-open range of instructions.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
};

struct Operand {
  Slot slot = 0;
  std::uint8_t width = 0;
};

class FlatCode {
 public:
  /// The slot of a variable; the same for every mention.
  Slot variable(ir::Term variable);
  /// Starts a group of terms that share sub-terms (one node of a graph).
  void begin_group();
  /// Compiles a term into the current group; its value stands in settle(slot) after run(group).
  Slot add(ir::Term term);
  Span end_group();
  /// To be called once after the last group.
  void finish();

  void run(Span span, Cell* cells, bool track_unspecified) const;

  std::size_t slots() const { return static_cast<std::size_t>(slot_count_); }
  std::size_t variables() const { return variable_terms_.size(); }
  ir::Term variable_at(Slot slot) const { return variable_terms_[slot]; }
  /// Copies the constants into a fresh array of cells.
  void load_constants(Cell* cells) const;
  /// After finish(): where a slot that add() returned stands in the array of cells.
  Slot settle(Slot slot) const;
  /// Empty, or the first operator that has no concrete meaning here.
  const std::string& unsupported() const { return unsupported_; }

 private:
  std::vector<Instruction> instructions_;
  std::vector<Operand> operands_;
  std::vector<u128> coefficients_;
  std::vector<ir::Term> variable_terms_;
  std::unordered_map<ir::Term, Slot> variables_;
  std::unordered_map<ir::Term, Slot> constants_;
  std::unordered_map<ir::Term, Slot> group_;
  std::uint32_t group_begin_ = 0;
  Slot next_temporary_ = 0;
  Slot slot_count_ = 0;
  std::string unsupported_;

  u128 unspecified_bits(const Instruction& instruction, const Cell* cells) const;
};

/// 2^width - 1.
constexpr u128 low_bits(unsigned width) { return width >= 128 ? ~u128{0} : (u128{1} << width) - 1; }
inline unsigned bits_of(ir::Sort sort) { return sort.is_bool() ? 1 : sort.width; }

}  // namespace validator::replay
