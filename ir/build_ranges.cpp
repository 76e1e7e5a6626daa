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
  if (!literal.is(Op::ult) && !literal.is(Op::equal)) return false;
  const Term left = literal.arg(0);
  const Term right = literal.arg(1);
  if (!right.is_constant() || !right.sort().is_bitvec()) return false;
  const u128 bound = right.value();
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
  if (left.width() == 1) return false;
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

// The inequalities x != k at the edge of a range over the same value: 0 <= x < k+1 and x != k is x < k.
bool trim_edges(std::vector<Term>& literals) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::logical_not) || !literals[i].arg(0).is(Op::equal)) continue;
    const Term value = literals[i].arg(0).arg(0);
    const Term excluded = literals[i].arg(0).arg(1);
    if (!excluded.is_constant() || !value.sort().is_bitvec() || value.width() == 1) continue;
    for (std::size_t j = 0; j < literals.size(); ++j) {
      if (i == j) continue;
      Range range;
      Term replacement;
      if (as_range(literals[j], range) && range.value == value && range.lo < range.hi) {
        const u128 k = excluded.value();
        if (k < range.lo || k > range.hi) replacement = literals[j];
        else if (k == range.lo) replacement = make_range({value, range.lo + 1, range.hi});
        else if (k == range.hi) replacement = make_range({value, range.lo, range.hi - 1});
      }
      const bool negative = literals[j].is(Op::logical_not);
      const Term order = negative ? literals[j].arg(0) : literals[j];
      if (!replacement && order.is(Op::slt) && order.arg(0) == value && order.arg(1).is_constant()) {
        const i128 bound = to_signed(order.arg(1).value(), value.width());
        const i128 k = to_signed(excluded.value(), value.width());
        const i128 top = static_cast<i128>(mask(value.width() - 1));
        if (negative ? k < bound : k >= bound) replacement = literals[j];
        else if (negative && k == bound)
          replacement = bound == top ? boolean(false) : logical_not(slt(value, bv(static_cast<u128>(bound + 1), value.width())));
        else if (!negative && k == bound - 1) replacement = slt(value, bv(static_cast<u128>(bound - 1), value.width()));
      }
      if (!replacement) continue;
      literals[j] = replacement;
      literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

// x >= y and x != y  ->  y < x;  x < y and x != y -> x < y. Signed and unsigned alike.
bool join_order(std::vector<Term>& literals) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::logical_not) || !literals[i].arg(0).is(Op::equal)) continue;
    const Term a = literals[i].arg(0).arg(0);
    const Term b = literals[i].arg(0).arg(1);
    for (std::size_t j = 0; j < literals.size(); ++j) {
      const bool negative = literals[j].is(Op::logical_not);
      const Term order = negative ? literals[j].arg(0) : literals[j];
      if (!order.is(Op::ult) && !order.is(Op::slt)) continue;
      const Term x = order.arg(0);
      const Term y = order.arg(1);
      if (!((x == a && y == b) || (x == b && y == a))) continue;
      if (negative) literals[j] = order.is(Op::ult) ? ult(y, x) : slt(y, x);
      literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
      return true;
    }
  }
  return false;
}

// x = y decides every order literal over x and y:  x = y and not (x < y)  ->  x = y.
bool equal_decides_order(std::vector<Term>& literals) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    if (!literals[i].is(Op::equal)) continue;
    const Term a = literals[i].arg(0);
    const Term b = literals[i].arg(1);
    for (std::size_t j = 0; j < literals.size(); ++j) {
      const bool negative = literals[j].is(Op::logical_not);
      const Term order = negative ? literals[j].arg(0) : literals[j];
      if (!order.is(Op::ult) && !order.is(Op::slt)) continue;
      const Term x = order.arg(0);
      const Term y = order.arg(1);
      if (!((x == a && y == b) || (x == b && y == a))) continue;
      if (negative) literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(j));
      else literals[j] = boolean(false);
      return true;
    }
  }
  return false;
}

}  // namespace

bool join_ranges(std::vector<Term>& literals) {
  return join_unsigned(literals) || trim_edges(literals) || join_order(literals) || equal_decides_order(literals);
}

}  // namespace ir::detail
