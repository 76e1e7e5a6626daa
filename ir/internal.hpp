// SPDX-License-Identifier: Apache-2.0
// What the constructors share and nobody else may use: the layout of a node, interning without
// normalisation, memo tables, and the helpers of more than one build_*.cpp.
//
// A node made by `detail::make` is *not* normalised: only a constructor that has found no rule left to apply
// calls it. That keeps the invariant "pointer-equal exactly when built equal" in one place.
#pragma once

#include <array>
#include <utility>
#include <vector>

#include "ir/assert.hpp"
#include "ir/build.hpp"

namespace ir {

__extension__ typedef __int128 i128;

struct TermNode {
  std::uint64_t hash = 0;
  std::uint32_t id = 0;
  std::uint32_t arg_count = 0;
  Op op = Op::constant;
  Sort sort;
  std::uint8_t hi = 0;            ///< extract: hi; load, store: bytes
  std::uint8_t lo = 0;            ///< extract: lo
  bool constant_leaves = false;   ///< a nest of ite of which every leaf is a constant
  const Term* args = nullptr;
  const std::string* name = nullptr;
  const u128* coefficients = nullptr;
  u128 value = 0;                 ///< constant: value; sum: offset
  u128 unsigned_max = 0;          ///< bitvec: upper bound of the value
};

namespace detail {

struct Payload {
  u128 value = 0;
  std::span<const u128> coefficients = {};
  const std::string* name = nullptr;
  unsigned hi = 0;
  unsigned lo = 0;
};

/// Interns a node as given. Commutative operators: the caller has ordered the operands.
Term make(Op op, Sort sort, std::span<const Term> args, const Payload& payload = {});
inline Term make(Op op, Sort sort, std::initializer_list<Term> args, const Payload& payload = {}) {
  return make(op, sort, std::span<const Term>(args.begin(), args.size()), payload);
}
const std::string* intern_name(std::string_view name);

inline bool by_id(Term a, Term b) { return a.id() < b.id(); }
inline i128 to_signed(u128 value, unsigned width) {
  return width == 128 ? static_cast<i128>(value) : static_cast<i128>(value << (128 - width)) >> (128 - width);
}
inline unsigned bit_length(u128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  const auto low = static_cast<std::uint64_t>(value);
  if (high != 0) return 128 - static_cast<unsigned>(__builtin_clzll(high));
  return low == 0 ? 0 : 64 - static_cast<unsigned>(__builtin_clzll(low));
}
inline unsigned trailing_zeros(u128 value) {
  const auto low = static_cast<std::uint64_t>(value);
  if (low != 0) return static_cast<unsigned>(__builtin_ctzll(low));
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high == 0 ? 128 : 64 + static_cast<unsigned>(__builtin_ctzll(high));
}
inline bool is_power_of_two(u128 value) { return value != 0 && (value & (value - 1)) == 0; }

/// Open-addressing memo table: 128-bit key -> Term. Key 0 must not be used.
class Memo {
 public:
  Term find(u128 key) const;
  void insert(u128 key, Term value);

 private:
  void grow();
  std::vector<std::pair<u128, Term>> slots_;
  std::size_t used_ = 0;
};

/// Constructors that descend through nests of ite stop normalising below this depth, so that a hostile input
/// cannot exhaust the stack. Stopping is sound: the node is just not pushed further.
class Depth {
 public:
  Depth() { ++level_; }
  ~Depth() { --level_; }
  Depth(const Depth&) = delete;
  Depth& operator=(const Depth&) = delete;
  bool too_deep() const { return level_ > 1500; }

 private:
  static inline unsigned level_ = 0;
};

/// A sum under construction: coefficients modulo 2^width over arbitrary atoms.
class Linear {
 public:
  explicit Linear(unsigned width) : width_(width) {}
  void add(u128 coefficient, Term term);  ///< splits sums and concats into atoms
  void add_constant(u128 value) { offset_ += value; }
  Term build();  ///< the normal form

  /// After collect(): atoms in order of id, coefficients non-zero modulo 2^width, offset reduced.
  void collect();
  std::vector<std::pair<Term, u128>>& atoms() { return atoms_; }
  u128 offset() const { return offset_; }
  unsigned width() const { return width_; }

 private:
  void add_atom(u128 coefficient, Term term) { atoms_.emplace_back(term, coefficient); }
  bool canonicalise_atoms();
  Term build_node();

  unsigned width_;
  std::vector<std::pair<Term, u128>> atoms_;
  u128 offset_ = 0;
};

/// Is this `bit_not(x)` of a term that is not itself a concat? (A sum -x - 1; for one bit: x + 1.)
bool is_complement(Term term);
/// `ite(condition, a, b)` as a node, applying only polarity and constant-leaf rules.
Term raw_ite(Term condition, Term a, Term b);
/// Applies a function to every leaf of a constant-leaf nest.
template <typename Function>
Term map_leaves(Term nest, const Function& function);
Term map_leaves_erased(Term nest, Term (*function)(void*, Term), void* context);

template <typename Function>
Term map_leaves(Term nest, const Function& function) {
  return map_leaves_erased(
      nest, [](void* context, Term leaf) { return (*static_cast<const Function*>(context))(leaf); },
      const_cast<void*>(static_cast<const void*>(&function)));
}

/// Bit positions (from the bottom) where one piece of a concat ends and the next begins, without 0 and width.
void add_cuts(Term term, std::vector<unsigned>& cuts);
/// All cuts of both terms, sorted, with 0 and width.
std::vector<unsigned> common_cuts(Term a, Term b);
/// Division of a high product part recognised from its magic constant, or null.
Term magic_division(unsigned hi, unsigned lo, Term product);
/// sext((n / q)[..0] - sign(n)) where the quotient fits: the same at full width, or null.
Term widened_quotient(Term narrow, unsigned width);
/// Carry, borrow and sign recognised in the top bit of a sum, or null. `sum` is not a slice; the bit is its top one.
Term top_bit_comparison(Term sum);
/// One memory, chosen by a condition.
Term memory_ite(Term condition, Term a, Term b);
/// `sum < bound` for a sum x + c, as a range of x in canonical form; null when it has no simpler form.
Term shifted_range(Term sum, u128 bound);
/// A range or order fact that joins literals of a conjunction; see build_ranges.cpp.
bool join_ranges(std::vector<Term>& literals);

}  // namespace detail
}  // namespace ir
