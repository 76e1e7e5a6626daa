// SPDX-License-Identifier: Apache-2.0
// Normalising constructors of terms: the only way to make one. Each applies the normal forms of README.md, so
// that equal functions of equal inputs tend to become the *same* node.
//
// Widths are checked by IR_ASSERT. Division by zero: x/0 = 0, x%0 = x, INT_MIN/-1 = INT_MIN, as A64 computes it.
// Shifts: shl/lshr/ashr take an amount of the value's width and have SMT-LIB meaning (amount >= width gives
// 0 or the sign); a source shift is lifted with the amount reduced modulo the width first.
#pragma once

#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/term.hpp"

namespace ir {

u128 mask(unsigned width);  ///< 2^width - 1, width 0..128
std::int64_t as_signed64(Term constant);  ///< a constant of at most 64 bits, sign-extended

Term boolean(bool value);
Term bv(u128 value, unsigned width);  ///< value is taken modulo 2^width
/// Same name and sort: same term. The sort is part of a variable's identity: `i` of 32 bits and `i` of 64 bits, of two
/// functions, have nothing to do with each other.
Term var(std::string_view name, Sort sort);
Term fresh(std::string_view prefix, Sort sort);  ///< var "prefix!N" with N never used before in this process
Term apply(std::string_view function, std::span<const Term> args, Sort sort);  ///< uninterpreted function

Term logical_not(Term a);
Term logical_and(Term a, Term b);
Term logical_and(std::span<const Term> terms);
Term logical_or(Term a, Term b);
Term logical_or(std::span<const Term> terms);
Term implies(Term a, Term b);
Term ite(Term condition, Term then_value, Term else_value);  ///< any sort, both values of the same
Term eq(Term a, Term b);  ///< any sort
Term ne(Term a, Term b);
Term ult(Term a, Term b);
Term ule(Term a, Term b);
Term slt(Term a, Term b);
Term sle(Term a, Term b);

Term add(Term a, Term b);
Term sub(Term a, Term b);
Term neg(Term a);
Term mul(Term a, Term b);
Term udiv(Term a, Term b);
Term urem(Term a, Term b);
Term sdiv(Term a, Term b);
Term srem(Term a, Term b);
Term bit_and(Term a, Term b);
Term bit_or(Term a, Term b);
Term bit_xor(Term a, Term b);
Term bit_not(Term a);
Term shl(Term a, Term amount);
Term lshr(Term a, Term amount);
Term ashr(Term a, Term amount);
Term ror(Term a, Term amount);  ///< amount taken modulo the width (a power of two)
Term concat(Term high, Term low);
Term concat(std::span<const Term> high_to_low);
Term extract(unsigned hi, unsigned lo, Term a);
Term zext(Term a, unsigned width);  ///< width >= a.width()
Term sext(Term a, unsigned width);
Term resize(Term a, unsigned width, bool is_signed);  ///< truncates or extends
Term clz(Term a);  ///< count of leading zeros, result of a's width
Term ctz(Term a);
Term rbit(Term a);
Term byte_swap(Term a);  ///< width a multiple of 8
Term bool_to_bv(Term condition, unsigned width);  ///< 1 or 0
Term bit(Term a, unsigned index);  ///< Bool: bit `index` of a is 1

/// Little-endian access of `bytes` (1..16) at a 64-bit address; the address wraps modulo 2^64.
Term load(Term memory, Term address, unsigned bytes);
/// The stored value's width must be a multiple of 8, at most 128.
Term store(Term memory, Term address, Term value);

using Substitution = std::unordered_map<Term, Term>;
/// Replaces variables (keys) by terms of the same sort, simultaneously, rebuilding through the constructors.
Term substitute(Term term, const Substitution& substitution);
/// Rebuilds one node with other operands (same operator and payload), through its constructor.
Term rebuild(Term term, std::span<const Term> args);
/// The variables in a term, in order of id.
std::vector<Term> variables_of(Term term);

/// A 64-bit address as (base, constant offset): base is the term without its constant part (null: a constant).
struct BaseOffset {
  Term base;
  std::int64_t offset = 0;
};
BaseOffset base_offset(Term address);
/// An upper bound of the unsigned value, from the term's shape alone.
u128 unsigned_max(Term term);
/// How two accesses lie, when that is decidable from the terms alone.
enum class Overlap : std::uint8_t { disjoint, same_base, unknown };
Overlap overlap(Term address_a, unsigned bytes_a, Term address_b, unsigned bytes_b, std::int64_t* b_minus_a);

}  // namespace ir
