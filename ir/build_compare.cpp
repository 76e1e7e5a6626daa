// SPDX-License-Identifier: Apache-2.0
// Equality and order. Comparisons are kept as (operator, a, b), never as bits of a difference: the flags of
// SUBS/ADDS/CCMP come back as comparisons of the operands, constants stand on the right with a strict <, and a
// comparison of a nest of constants is decided in its leaves.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace {

detail::Memo& nest_memo() {
  static detail::Memo memo;
  return memo;
}

// Distributes a comparison over an ite, with a memo, so that shared nests cost their size only.
template <typename Compare>
Term over_ite(Op op, Term choice, Term other, bool choice_left, const Compare& compare) {
  const u128 key = (u128{choice.id()} << 64) | (u128{other.id()} << 16) |
                   (static_cast<unsigned>(op) << 1) | (choice_left ? 1U : 0U);
  if (const Term known = nest_memo().find(key)) return known;
  const auto side = [&](Term value) { return choice_left ? compare(value, other) : compare(other, value); };
  const Term result = ite(choice.arg(0), side(choice.arg(1)), side(choice.arg(2)));
  nest_memo().insert(key, result);
  return result;
}

bool has_constant_branch(Term term) {
  return term.is(Op::ite) && (term.node()->constant_leaves || term.arg(1).is_constant() || term.arg(2).is_constant());
}

// Boolean equality is a chain of exclusive ors: the odd-count literals and a polarity.
void collect_parity(Term term, std::vector<Term>& literals, bool& odd) {
  if (term.is(Op::logical_not)) {
    odd = !odd;
    term = term.arg(0);
  }
  if (term.is_constant()) {
    if (term.is_true()) odd = !odd;
  } else if (term.is(Op::equal) && term.arg(0).sort().is_bool()) {
    odd = !odd;
    collect_parity(term.arg(0), literals, odd);
    collect_parity(term.arg(1), literals, odd);
  } else {
    literals.push_back(term);
  }
}

Term eq_bool(Term a, Term b) {
  std::vector<Term> literals;
  bool odd = false;  // a xor b = (xor of literals) xor odd
  collect_parity(a, literals, odd);
  collect_parity(b, literals, odd);
  std::sort(literals.begin(), literals.end(), detail::by_id);
  std::vector<Term> rest;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (i + 1 < literals.size() && literals[i] == literals[i + 1]) ++i;
    else rest.push_back(literals[i]);
  }
  if (rest.empty()) return boolean(!odd);
  // chain = xor of rest, as nested equalities
  Term chain = rest.front();
  bool chain_negated = false;
  for (std::size_t i = 1; i < rest.size(); ++i) {
    // eq(x, y) = not (x xor y)
    chain = detail::make(Op::equal, Sort::boolean(), {rest[i], chain});
    chain_negated = !chain_negated;
  }
  return odd == chain_negated ? logical_not(chain) : chain;
}

Term eq_constant(Term a, Term k) {
  const unsigned width = a.width();
  if (width == 1 && k.value() == 0) return logical_not(eq(a, bv(1, 1)));
  if (k.value() > unsigned_max(a)) return boolean(false);
  switch (a.op()) {
    case Op::concat: {
      std::vector<Term> parts;
      unsigned position = width;
      for (Term piece : a.args()) {
        position -= piece.width();
        const Term part = eq(piece, extract(position + piece.width() - 1, position, k));
        if (part.is_false()) return part;
        parts.push_back(part);
      }
      return logical_and(parts);
    }
    case Op::sext: {
      const Term low = extract(a.arg(0).width() - 1, 0, k);
      return sext(low, width) == k ? eq(a.arg(0), low) : boolean(false);
    }
    case Op::ite:
      if (has_constant_branch(a)) return over_ite(Op::equal, a, k, true, [](Term x, Term y) { return eq(x, y); });
      break;
    case Op::sum: {
      if (a.offset() != 0) {
        detail::Linear rest(width);
        rest.add(1, a);
        rest.add_constant(~a.offset() + 1);
        return eq(rest.build(), bv(k.value() - a.offset(), width));
      }
      const auto coefficients = a.coefficients();
      const std::size_t negative =
          static_cast<std::size_t>(std::count_if(coefficients.begin(), coefficients.end(), [&](u128 c) { return c > mask(width - 1); }));
      // -x = k is x = -k; of x - y = k the one with the positive first term is taken.
      if (negative * 2 > coefficients.size() ||
          (negative * 2 == coefficients.size() && coefficients[0] > mask(width - 1) && (k.value() != 0 || coefficients.size() > 2)))
        return eq(neg(a), bv(~k.value() + 1, width));
      if (k.value() == 0 && coefficients.size() == 2) {
        if (coefficients[0] == 1 && coefficients[1] == mask(width)) return eq(a.arg(0), a.arg(1));
        if (coefficients[1] == 1 && coefficients[0] == mask(width)) return eq(a.arg(0), a.arg(1));
      }
      if (k.value() == 0 && negative == 1 && coefficients.size() > 2) {
        // x + y - z = 0 stays one sum with the smaller polarity, found by eq(x + y, z) as well.
        break;
      }
      break;
    }
    case Op::clz:
      if (k.value() == width) return eq(a.arg(0), bv(0, width));
      break;
    default:
      break;
  }
  return detail::make(Op::equal, Sort::boolean(), {a, k});
}

// Equal slices and decided slices of two concats split the equality.
Term eq_slices(Term a, Term b) {
  const std::vector<unsigned> cuts = detail::common_cuts(a, b);
  if (cuts.size() <= 2 || cuts.size() > 18) return {};
  std::vector<std::pair<Term, Term>> slices;
  bool decided = false;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    const Term x = extract(cuts[i + 1] - 1, cuts[i], a);
    const Term y = extract(cuts[i + 1] - 1, cuts[i], b);
    slices.emplace_back(x, y);
    decided |= x == y || x.is_constant() || y.is_constant();
  }
  if (!decided && !(a.is(Op::concat) && b.is(Op::concat))) return {};
  std::vector<Term> parts;
  for (const auto& [x, y] : slices) parts.push_back(eq(x, y));
  return logical_and(parts);
}

}  // namespace

Term eq(Term a, Term b) {
  IR_ASSERT(a.sort() == b.sort());
  if (a == b) return boolean(true);
  if (a.sort().is_bool()) return eq_bool(a, b);
  if (a.is_constant() && b.is_constant()) return boolean(a.value() == b.value());
  if (a.sort().is_bitvec()) {
    if (a.is_constant()) std::swap(a, b);
    detail::Depth depth;
    if (!depth.too_deep()) {
      if (b.is_constant()) return eq_constant(a, b);
      for (unsigned swap = 0; swap < 2; ++swap, std::swap(a, b)) {
        if (!a.is(Op::ite)) continue;
        if (a.arg(1) == b) return logical_or(a.arg(0), eq(a.arg(2), b));
        if (a.arg(2) == b) return logical_or(logical_not(a.arg(0)), eq(a.arg(1), b));
        if (b.is(Op::ite) && a.arg(0) == b.arg(0))
          return ite(a.arg(0), eq(a.arg(1), b.arg(1)), eq(a.arg(2), b.arg(2)));
      }
      if (a.is(Op::sext) && b.is(Op::sext) && a.arg(0).width() == b.arg(0).width()) return eq(a.arg(0), b.arg(0));
      if (a.is(Op::concat) || b.is(Op::concat))
        if (const Term split = eq_slices(a, b)) return split;
      if (a.is(Op::sum) || b.is(Op::sum)) {
        const Term difference = sub(a, b);
        if (!difference.is(Op::sum)) return eq(difference, bv(0, a.width()));
        const auto coefficients = difference.coefficients();
        if (coefficients.size() == 1 || difference.offset() != 0 || coefficients.size() > 2 ||
            coefficients[0] + coefficients[1] != mask(a.width()) + 1 ||
            (coefficients[0] != 1 && coefficients[1] != 1))
          return eq(difference, bv(0, a.width()));
        a = difference.arg(0);
        b = difference.arg(1);
      }
    }
  }
  if (b.is_constant() || (!a.is_constant() && a.id() < b.id())) return detail::make(Op::equal, Sort::boolean(), {a, b});
  return detail::make(Op::equal, Sort::boolean(), {b, a});
}

namespace {

// Leading zeros that both operands are known to have.
unsigned spare_bits(Term term) { return term.width() - detail::bit_length(unsigned_max(term)); }

// x + y < x (a carry out) -> !x < y, with x + y any sum.
Term carry_test(Term a, Term b) {
  if (!a.is(Op::sum) || b.is_constant()) return {};
  const auto parts = [](Term t) { return t.is(Op::sum) ? t.args().size() : std::size_t{1}; };
  const Term rest = sub(a, b);
  if (!rest.is_constant() && (parts(rest) >= parts(a) || rest.is(Op::sum))) return {};
  // b + rest < b  <=>  rest > ~b
  if (rest.is_constant()) {
    if (rest.value() == 0) return boolean(false);
    return logical_not(ult(b, bv(~rest.value() + 1, b.width())));
  }
  return b.id() < rest.id() ? ult(bit_not(b), rest) : ult(bit_not(rest), b);
}

Term ult_constant(Term a, Term k) {
  const unsigned width = a.width();
  const u128 bound = k.value();
  if (bound == 0) return boolean(false);
  if (unsigned_max(a) < bound) return boolean(true);
  if (bound == 1) return eq(a, bv(0, width));
  if (bound == mask(width)) return ne(a, k);
  if (detail::is_power_of_two(bound)) {
    const unsigned by = detail::trailing_zeros(bound);
    return eq(extract(width - 1, by, a), bv(0, width - by));
  }
  if (const unsigned spare = spare_bits(a); spare > 0 && a.is(Op::concat))
    return ult(extract(width - 1 - spare, 0, a), extract(width - 1 - spare, 0, k));
  if (has_constant_branch(a)) return over_ite(Op::ult, a, k, true, [](Term x, Term y) { return ult(x, y); });
  if (const Term range = detail::shifted_range(a, bound)) return range;
  // not x < k, for the complement of a value: ~x < k <=> x > ~k
  if (detail::is_complement(a)) return logical_not(ult(a.arg(0), bv(~bound + 1, width)));
  return detail::make(Op::ult, Sort::boolean(), {a, k});
}

// Are more summands of both subtracted than added? Then ~b < ~a is the plainer way to say a < b. Half of the modulus is its own negative.
bool mostly_subtracts(Term a, Term b) {
  std::size_t subtracted = 0, added = 0;
  for (Term sum : {a, b}) {
    const u128 sign = u128{1} << (sum.width() - 1);
    for (const u128 coefficient : sum.coefficients()) {
      subtracted += coefficient > sign;
      added += coefficient < sign;
    }
  }
  return subtracted > added;
}

}  // namespace

Term ult(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (a == b) return boolean(false);
  if (a.is_constant() && b.is_constant()) return boolean(a.value() < b.value());
  if (width == 1) return logical_and(eq(a, bv(0, 1)), eq(b, bv(1, 1)));
  detail::Depth depth;
  if (depth.too_deep()) return detail::make(Op::ult, Sort::boolean(), {a, b});
  if (a.is_constant()) {
    if (a.value() == mask(width)) return boolean(false);
    return logical_not(ult(b, bv(a.value() + 1, width)));
  }
  if (b.is_constant()) return ult_constant(a, b);
  const unsigned spare = std::min(spare_bits(a), spare_bits(b));
  if (spare > 0 && spare < width) {
    const Term low_a = extract(width - 1 - spare, 0, a);
    const Term low_b = extract(width - 1 - spare, 0, b);
    // Only slices get shorter: a quotient or a loaded byte keeps its width.
    if (a.is(Op::concat) || b.is(Op::concat)) return ult(low_a, low_b);
  }
  if (const Term carry = carry_test(a, b)) return carry;
  // x < x + y, given that it is not the carry test: it is its complement unless y = 0, so it stays.
  if (detail::is_complement(a) && detail::is_complement(b)) return ult(b.arg(0), a.arg(0));
  if (a.is(Op::sum) && b.is(Op::sum) && mostly_subtracts(a, b)) return ult(bit_not(b), bit_not(a));
  if (detail::is_complement(a) && a.arg(0).id() > b.id()) return ult(bit_not(b), a.arg(0));
  if (a.is(Op::ite) && a.node()->constant_leaves && b.is_variable())
    return over_ite(Op::ult, a, b, true, [](Term x, Term y) { return ult(x, y); });
  return detail::make(Op::ult, Sort::boolean(), {a, b});
}

namespace {

// The value at a narrower width, when it is the sign-extension of its low bits; null otherwise.
Term narrow_signed(Term term, unsigned width) {
  if (term.is(Op::sext) && term.arg(0).width() <= width) return sext(term.arg(0), width);
  if (term.is_constant() && sext(extract(width - 1, 0, term), term.width()) == term) return extract(width - 1, 0, term);
  if (unsigned_max(term) <= mask(width - 1)) return extract(width - 1, 0, term);
  return {};
}

}  // namespace

Term slt(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (a == b) return boolean(false);
  if (a.is_constant() && b.is_constant())
    return boolean(detail::to_signed(a.value(), width) < detail::to_signed(b.value(), width));
  if (width == 1) return logical_and(eq(a, bv(1, 1)), eq(b, bv(0, 1)));
  detail::Depth depth;
  if (depth.too_deep()) return detail::make(Op::slt, Sort::boolean(), {a, b});
  const u128 sign = u128{1} << (width - 1);
  if (a.is_constant()) {
    if (a.value() == sign - 1) return boolean(false);
    return logical_not(slt(b, bv(a.value() + 1, width)));
  }
  if (b.is_constant()) {
    if (b.value() == 0) return eq(extract(width - 1, width - 1, a), bv(1, 1));
    if (b.value() == sign) return boolean(false);
    if (b.value() == sign + 1) return eq(a, bv(sign, width));
    if (b.value() == sign - 1) return ne(a, b);
    if (has_constant_branch(a)) return over_ite(Op::slt, a, b, true, [](Term x, Term y) { return slt(x, y); });
  }
  const auto non_negative = [&](Term t) { return unsigned_max(t) < sign; };
  if (non_negative(a) && non_negative(b)) return ult(a, b);
  if (non_negative(a) && b.is_constant()) return boolean(false);
  for (Term side : {a, b}) {
    if (!side.is(Op::sext)) continue;
    const unsigned narrow = side.arg(0).width();
    const Term low_a = narrow_signed(a, narrow);
    const Term low_b = narrow_signed(b, narrow);
    if (low_a && low_b) return slt(low_a, low_b);
    // A constant outside the range of the extended value decides.
    if (b.is_constant() && side == a) return boolean(detail::to_signed(b.value(), width) > 0);
  }
  if (detail::is_complement(a) && detail::is_complement(b)) return slt(b.arg(0), a.arg(0));
  if (detail::is_complement(a) && b.is_constant()) return slt(bit_not(b), a.arg(0));
  return detail::make(Op::slt, Sort::boolean(), {a, b});
}

namespace detail {

namespace {

/// Bounds of a value read as a signed number of its width; false when it may be anything.
struct Bounds {
  i128 lo = 0;
  i128 hi = 0;
};

bool signed_bounds(Term term, Bounds& bounds) {
  const unsigned width = term.width();
  if (term.is(Op::sext)) {
    const unsigned narrow = term.arg(0).width();
    bounds = {-(i128{1} << (narrow - 1)), (i128{1} << (narrow - 1)) - 1};
    return true;
  }
  const u128 top = unsigned_max(term);
  if (top > mask(width - 1)) return false;
  bounds = {0, static_cast<i128>(top)};
  return true;
}

}  // namespace

Term top_bit_comparison(Term sum) {
  const unsigned width = sum.width();
  if (width < 3 || width > 125) return {};  // the bounds below must fit in 128 bits
  const i128 half = i128{1} << (width - 1);
  const auto coefficients = sum.coefficients();
  if (coefficients.size() > 2) return {};
  Term positive[2];
  Term negative[2];
  unsigned positives = 0;
  unsigned negatives = 0;
  Bounds total;
  for (std::size_t i = 0; i < coefficients.size(); ++i) {
    Bounds bounds;
    if (!signed_bounds(sum.arg(i), bounds)) return {};
    if (coefficients[i] == 1) {
      positive[positives++] = sum.arg(i);
      total.lo += bounds.lo;
      total.hi += bounds.hi;
    } else if (coefficients[i] == mask(width)) {
      negative[negatives++] = sum.arg(i);
      total.lo -= bounds.hi;
      total.hi -= bounds.lo;
    } else {
      return {};
    }
  }
  // The exact value is in [total.lo + c, total.hi + c] for each representative c of the offset; the top bit tells whether
  // it is below 0 when the range fits [-half, half), or at least half when it fits [0, 2 * half).
  const i128 unsigned_offset = static_cast<i128>(sum.offset());
  for (const i128 c : {unsigned_offset, unsigned_offset - 2 * half}) {
    const bool as_signed = total.lo + c >= -half && total.hi + c < half;
    const bool as_unsigned = total.lo + c >= 0 && total.hi + c < 2 * half;
    if (!as_signed && !as_unsigned) continue;
    // The bit is set iff positive - negative + c < 0 (signed) or >= half (unsigned).
    const i128 constant = as_signed ? c : c - half;
    Term below;  // positive - negative + constant < 0
    const auto constant_in = [&](i128 value) {
      return bv(static_cast<u128>(value), width);
    };
    if (positives == 1 && negatives == 0) {
      // positive < -constant
      const i128 bound = -constant;
      below = bound <= total.lo ? boolean(false) : bound > total.hi ? boolean(true) : slt(positive[0], constant_in(bound));
    } else if (positives == 0 && negatives == 1) {
      // constant < negative, and the negative lies in [-total.hi, -total.lo]
      below = constant >= -total.lo ? boolean(false) : constant < -total.hi ? boolean(true) : slt(constant_in(constant), negative[0]);
    } else if (positives == 1 && negatives == 1) {
      if (constant == 0) below = slt(positive[0], negative[0]);
      else if (constant == -1) below = logical_not(slt(negative[0], positive[0]));
      else return {};
    } else if (positives == 2) {
      // x + y < -constant, for a carry: x + y >= 2^n with n-bit x and y.
      if (as_signed || total.lo < 0) return {};
      const unsigned bits = width - 1;
      if (constant != -half && constant != -half + 1) return {};
      const Term x = extract(bits - 1, 0, positive[0]);
      const Term y = extract(bits - 1, 0, positive[1]);
      below = constant == -half ? logical_not(x.id() < y.id() ? ult(bit_not(x), y) : ult(bit_not(y), x))
                                : (x.id() < y.id() ? ult(y, bit_not(x)) : ult(x, bit_not(y)));
    } else {
      return {};
    }
    return as_signed ? below : logical_not(below);
  }
  return {};
}

}  // namespace detail

}  // namespace ir
