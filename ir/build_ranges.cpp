// SPDX-License-Identifier: Apache-2.0
// Literals of one conjunction that speak of the same value are joined: unsigned ranges are intersected,
// `x >= y and x != y` becomes `y < x`, and the same for signed order against a constant. This is what turns the
// conditions HI, LS, GT and LE of a compare into one comparison.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir::detail {

namespace {

/// The unsigned range lo <= value <= hi, inclusive.
struct Range {
  Term value;
  u128 lo = 0;
  u128 hi = 0;
};

// A sum of one atom with coefficient one: value + offset.
bool is_shifted(Term term) {
  return term.is(Op::sum) && term.args().size() == 1 && term.coefficients()[0] == 1 && term.width() > 1;
}

bool as_range(Term literal, Range& range) {
  const bool positive = !literal.is(Op::logical_not);
  if (!positive) literal = literal.arg(0);
  if (!literal.is(Op::ult) && !literal.is(Op::slt) && !literal.is(Op::equal)) return false;
  const Term left = literal.arg(0);
  const Term right = literal.arg(1);
  if (!right.is_constant() || !right.sort().is_bitvec()) return false;
  const u128 bound = right.value();
  if (literal.is(Op::slt)) {
    // One half of the signed order is a range: x >= k > 0, and x < k < 0.
    const u128 half = u128{1} << (left.width() - 1);
    if (positive ? bound <= half : bound == 0 || bound >= half) return false;
    range = positive ? Range{left, half, bound - 1} : Range{left, bound, half - 1};
    return true;
  }
  if (literal.is(Op::ult)) {
    const u128 top = mask(left.width());
    range = positive ? Range{left, 0, bound - 1} : Range{left, bound, top};
    if (is_shifted(left)) {
      const u128 offset = left.offset();
      // Not a range of the atom when the shifted interval wraps.
      if ((range.lo < offset) != (range.hi < offset)) return false;
      range = {left.arg(0), (range.lo - offset) & top, (range.hi - offset) & top};
    }
    return true;
  }
  const u128 top = mask(left.width());
  if (left.is(Op::extract) && bound == 0 && left.lo() > 0 && left.hi() == left.arg(0).width() - 1) {
    const u128 limit = u128{1} << left.lo();
    const Term whole = left.arg(0);
    range = positive ? Range{whole, 0, limit - 1} : Range{whole, limit, mask(whole.width())};
    return true;
  }
  if (left.width() == 1) {
    // The sign bit: canonically tested against one.
    if (bound != 1 || !left.is(Op::extract) || left.hi() != left.arg(0).width() - 1 || left.arg(0).width() < 3) return false;
    const Term whole = left.arg(0);
    const u128 half = u128{1} << left.hi();
    range = positive ? Range{whole, half, mask(whole.width())} : Range{whole, 0, half - 1};
    return true;
  }
  if (positive) {
    range = {left, bound, bound};
    return true;
  }
  if (bound == 0) range = {left, 1, top};
  else if (bound == top) range = {left, 0, top - 1};
  else return false;
  return true;
}

Term make_range(const Range& range) {
  const unsigned width = range.value.width();
  const u128 top = mask(width);
  if (range.lo == 0 && range.hi == top) return boolean(true);
  if (range.lo == range.hi) return eq(range.value, bv(range.lo, width));
  if (range.lo == 0) return ult(range.value, bv(range.hi + 1, width));
  if (range.hi == top) return logical_not(ult(range.value, bv(range.lo, width)));
  const u128 half = u128{1} << (width - 1);
  if (range.hi == half - 1) return logical_not(slt(range.value, bv(range.lo, width)));
  if (range.lo == half) return slt(range.value, bv(range.hi + 1, width));
  return ult(sub(range.value, bv(range.lo, width)), bv(range.hi - range.lo + 1, width));
}

// Intersects all ranges over one value.
bool join_unsigned(std::vector<Term>& literals) {
  std::vector<std::pair<Range, std::size_t>> ranges;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    Range range;
    if (as_range(literals[i], range)) ranges.emplace_back(range, i);
  }
  if (ranges.size() < 2) return false;
  std::stable_sort(ranges.begin(), ranges.end(),
                   [](const auto& a, const auto& b) { return a.first.value.id() < b.first.value.id(); });
  for (std::size_t begin = 0; begin < ranges.size();) {
    std::size_t end = begin + 1;
    Range joined = ranges[begin].first;
    while (end < ranges.size() && ranges[end].first.value == joined.value) {
      joined.lo = std::max(joined.lo, ranges[end].first.lo);
      joined.hi = std::min(joined.hi, ranges[end].first.hi);
      ++end;
    }
    if (end - begin >= 2) {
      std::vector<Term> kept;
      for (std::size_t i = 0; i < literals.size(); ++i) {
        bool used = false;
        for (std::size_t j = begin; j < end; ++j) used |= ranges[j].second == i;
        if (!used) kept.push_back(literals[i]);
      }
      kept.push_back(joined.lo > joined.hi ? boolean(false) : make_range(joined));
      literals.swap(kept);
      return true;
    }
    begin = end;
  }
  return false;
}

// x < k or x >= k in the signed order, less one value.
Term trim_signed(Term literal, Term value, Term excluded) {
  const bool negative = literal.is(Op::logical_not);
  const unsigned width = value.width();
  const i128 bound = to_signed((negative ? literal.arg(0) : literal).arg(1).value(), width);
  const i128 k = to_signed(excluded.value(), width);
  if (negative ? k < bound : k >= bound) return literal;
  if (negative && k == bound) {
    if (bound == static_cast<i128>(mask(width - 1))) return boolean(false);
    return logical_not(slt(value, bv(static_cast<u128>(bound + 1), width)));
  }
  if (!negative && k == bound - 1) return slt(value, bv(static_cast<u128>(bound - 1), width));
  return {};
}

// The inequalities x != k at the edge of a range over the same value: 0 <= x < k+1 and x != k is x < k.
bool trim_edges(std::vector<Term>& literals) {
  // A long switch has many inequalities and few ranges, so the ranges are found first.
  struct Target {
    std::size_t index;
    Term value;
    bool is_range;
    Range range;
  };
  std::vector<Target> targets;
  for (std::size_t j = 0; j < literals.size(); ++j) {
    const Term order = literals[j].is(Op::logical_not) ? literals[j].arg(0) : literals[j];
    Range range;
    if (as_range(literals[j], range)) {
      if (range.lo < range.hi) targets.push_back({j, range.value, true, range});
    } else if (order.is(Op::slt) && order.arg(1).is_constant()) {
      targets.push_back({j, order.arg(0), false, {}});
    }
  }
  if (targets.empty()) return false;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::logical_not) || !literals[i].arg(0).is(Op::equal)) continue;
    const Term value = literals[i].arg(0).arg(0);
    const Term excluded = literals[i].arg(0).arg(1);
    if (!excluded.is_constant() || !value.sort().is_bitvec() || value.width() == 1) continue;
    for (const Target& target : targets) {
      const std::size_t j = target.index;
      if (i != j && target.is_range && target.value != value && target.value.is(Op::sum) && target.value.sort() == value.sort()) {
        // The equation of a sum may be written for its negation.
        const Range& range = target.range;
        const auto excludes = [&](u128 k) { return eq(range.value, bv(k, value.width())) == literals[i].arg(0); };
        if (excludes(range.lo)) literals[j] = make_range({range.value, range.lo + 1, range.hi});
        else if (excludes(range.hi)) literals[j] = make_range({range.value, range.lo, range.hi - 1});
        else continue;
        literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
        return true;
      }
      if (i == j || target.value != value) continue;
      Term replacement;
      if (target.is_range) {
        const Range& range = target.range;
        const u128 k = excluded.value();
        if (k < range.lo || k > range.hi) replacement = literals[j];
        else if (k == range.lo) replacement = make_range({value, range.lo + 1, range.hi});
        else if (k == range.hi) replacement = make_range({value, range.lo, range.hi - 1});
      } else {
        replacement = trim_signed(literals[j], value, excluded);
      }
      if (!replacement) continue;
      literals[j] = replacement;
      literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

// Positions of order literals between two values that are not constants.
std::vector<std::size_t> order_literals(const std::vector<Term>& literals) {
  std::vector<std::size_t> result;
  for (std::size_t j = 0; j < literals.size(); ++j) {
    const Term order = literals[j].is(Op::logical_not) ? literals[j].arg(0) : literals[j];
    if ((order.is(Op::ult) || order.is(Op::slt)) && !order.arg(1).is_constant()) result.push_back(j);
  }
  return result;
}

// Does the literal say that x = y? An equation of sums is kept as one sum that is zero.
bool equates(Term equality, Term x, Term y) {
  const Term a = equality.arg(0);
  const Term b = equality.arg(1);
  if ((x == a && y == b) || (x == b && y == a)) return true;
  return (x.is(Op::sum) || y.is(Op::sum)) && a.sort() == x.sort() && eq(x, y) == equality;
}

// x >= y and x != y  ->  y < x;  x < y and x != y -> x < y. Signed and unsigned alike.
bool join_order(std::vector<Term>& literals) {
  const std::vector<std::size_t> orders = order_literals(literals);
  if (orders.empty()) return false;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::logical_not) || !literals[i].arg(0).is(Op::equal)) continue;
    for (std::size_t j : orders) {
      const bool negative = literals[j].is(Op::logical_not);
      const Term order = negative ? literals[j].arg(0) : literals[j];
      const Term x = order.arg(0);
      const Term y = order.arg(1);
      if (!equates(literals[i].arg(0), x, y)) continue;
      if (negative) literals[j] = order.is(Op::ult) ? ult(y, x) : slt(y, x);
      literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

// x = y decides every order literal over x and y:  x = y and not (x < y)  ->  x = y.
bool equal_decides_order(std::vector<Term>& literals) {
  const std::vector<std::size_t> orders = order_literals(literals);
  if (orders.empty()) return false;
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::equal)) continue;
    for (std::size_t j : orders) {
      const bool negative = literals[j].is(Op::logical_not);
      const Term order = negative ? literals[j].arg(0) : literals[j];
      const Term x = order.arg(0);
      const Term y = order.arg(1);
      if (!equates(literals[i], x, y)) continue;
      if (negative) literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(j));
      else literals[j] = boolean(false);
      return true;
    }
  }
  return false;
}

}  // namespace

// value + offset < bound as a range of the value: the canonical literal, or null when it is that already.
Term shifted_range(Term sum, u128 bound) {
  if (!is_shifted(sum)) return {};
  const u128 top = mask(sum.width());
  const u128 half = u128{1} << (sum.width() - 1);
  const Term value = sum.arg(0);
  const u128 lo = (u128{0} - sum.offset()) & top;
  const u128 hi = (lo + bound - 1) & top;
  // An interval that wraps is the complement of one that does not.
  if (lo > hi) return logical_not(make_range({value, hi + 1, lo - 1}));
  if (lo == hi || lo == 0 || lo == half || hi == top || hi == half - 1) return make_range({value, lo, hi});
  return {};
}

bool join_ranges(std::vector<Term>& literals) {
  return join_unsigned(literals) || trim_edges(literals) || join_order(literals) || equal_decides_order(literals);
}

}  // namespace ir::detail
