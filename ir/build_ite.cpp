// SPDX-License-Identifier: Apache-2.0
// Choice between two values. What both sides have in common moves out (equal terms of a sum, equal slices),
// so that csel, csinc, bitfield inserts under a condition and merged paths keep one shape; nests of ite whose leaves
// are all constants stay whole, because comparisons decide them.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace detail {

namespace {

// ite(b = 1, k1, k0) with k1, k0 differing in one bit is that bit of b (or its complement) among constants.
Term single_bit(Term condition, Term a, Term b) {
  if (!condition.is(Op::equal) || !condition.arg(1).is_constant() || condition.arg(0).width() != 1) return {};
  if (!a.is_constant() || !b.is_constant()) return {};
  const u128 difference = a.value() ^ b.value();
  if (!is_power_of_two(difference)) return {};
  const unsigned position = trailing_zeros(difference);
  const unsigned width = a.width();
  const bool positive = (a.value() & difference) != 0;
  Term pieces[3];
  std::size_t count = 0;
  if (position + 1 < width) pieces[count++] = extract(width - 1, position + 1, a);
  pieces[count++] = positive ? condition.arg(0) : bit_not(condition.arg(0));
  if (position > 0) pieces[count++] = extract(position - 1, 0, a);
  return concat(std::span<const Term>(pieces, count));
}

}  // namespace

Term raw_ite(Term condition, Term a, Term b) {
  if (condition.is_true()) return a;
  if (condition.is_false() || a == b) return b;
  if (condition.is(Op::logical_not)) return raw_ite(condition.arg(0), b, a);
  if (const Term bits = single_bit(condition, a, b)) return bits;
  return make(Op::ite, a.sort(), {condition, a, b});
}

Term map_leaves_erased(Term nest, Term (*function)(void*, Term), void* context) {
  std::unordered_map<Term, Term> done;
  std::vector<Term> stack{nest};
  while (!stack.empty()) {
    const Term top = stack.back();
    if (done.contains(top)) {
      stack.pop_back();
    } else if (!top.node()->constant_leaves) {
      done[top] = function(context, top);
      stack.pop_back();
    } else {
      const auto a = done.find(top.arg(1));
      const auto b = done.find(top.arg(2));
      if (a != done.end() && b != done.end()) {
        const Term result = ite(top.arg(0), a->second, b->second);
        done[top] = result;
        stack.pop_back();
      } else {
        if (a == done.end()) stack.push_back(top.arg(1));
        if (b == done.end()) stack.push_back(top.arg(2));
      }
    }
  }
  return done[nest];
}

}  // namespace detail

namespace {

Term bool_ite(Term c, Term a, Term b) {
  if (a.is_true()) return logical_or(c, b);
  if (a.is_false()) return logical_and(logical_not(c), b);
  if (b.is_true()) return logical_or(logical_not(c), a);
  if (b.is_false()) return logical_and(c, a);
  if (a == c) return logical_or(c, b);
  if (b == c) return logical_and(c, a);
  if (b == logical_not(c)) return logical_or(b, a);
  if (a == logical_not(c)) return logical_and(a, b);
  if (b == logical_not(a)) return eq(c, a);
  if (a.is(Op::logical_not) && b.is(Op::logical_not)) return logical_not(ite(c, a.arg(0), b.arg(0)));
  return detail::make(Op::ite, Sort::boolean(), {c, a, b});
}

// min and max against a constant: ite(x < k, x, k) -> ite(x < k+1, x, k), ite(x < k, k, x) -> ite(x < k+1, k, x).
Term canonical_bound(Term c, Term a, Term b) {
  if (a.is_constant() == b.is_constant() || (!c.is(Op::ult) && !c.is(Op::slt) && !c.is(Op::equal))) return {};
  const Term k = a.is_constant() ? a : b;
  const Term x = a.is_constant() ? b : a;
  // Only a condition about x itself can be the comparison; building it for others would walk x for nothing.
  const Term tested = c.arg(0);
  const bool about_x = tested == x || (tested.is(Op::extract) && tested.arg(0) == x) || x.is(Op::concat);
  if (!about_x || x.node()->constant_leaves) return {};
  const Term next = bv(k.value() + 1, k.width());
  if (k.value() != mask(k.width()) && c == ult(x, k)) return ult(x, next);
  if (k.value() != mask(k.width() - 1) && c == slt(x, k)) return slt(x, next);
  return {};
}

// ite(x = y, x, y) -> y.
Term equal_branch(Term c, Term a, Term b) {
  if (!c.is(Op::equal)) return {};
  const Term x = c.arg(0);
  const Term y = c.arg(1);
  if ((x == a && y == b) || (y == a && x == b)) return b;
  return {};
}

// ite(c, t+a, t+b) -> t + ite(c, a, b).
Term common_sum(Term c, Term a, Term b) {
  const unsigned width = a.width();
  detail::Linear in_a(width);
  detail::Linear in_b(width);
  in_a.add(1, a);
  in_b.add(1, b);
  in_a.collect();
  in_b.collect();
  detail::Linear common(width);
  bool any = false;
  auto other = in_b.atoms().begin();
  for (const auto& [atom, coefficient] : in_a.atoms()) {
    while (other != in_b.atoms().end() && other->first.id() < atom.id()) ++other;
    if (other != in_b.atoms().end() && other->first == atom && other->second == coefficient) {
      common.add(coefficient, atom);
      any = true;
    }
  }
  if (!any) return {};
  const Term shared = common.build();
  const Term rest_a = sub(a, shared);
  const Term rest_b = sub(b, shared);
  // The rest must be simpler, or the rule could go round in a circle.
  if (rest_a == a || rest_b == b) return {};
  return add(shared, ite(c, rest_a, rest_b));
}

// Slices in which both sides agree move out; the runs between them stay one ite each.
Term common_slices(Term c, Term a, Term b) {
  const std::vector<unsigned> cuts = detail::common_cuts(a, b);
  if (cuts.size() <= 2 || cuts.size() > 18) return {};
  std::vector<Term> low_to_high;
  bool any_equal = false;
  std::vector<std::pair<Term, Term>> slices;
  for (std::size_t i = 0; i + 1 < cuts.size(); ++i) {
    slices.emplace_back(extract(cuts[i + 1] - 1, cuts[i], a), extract(cuts[i + 1] - 1, cuts[i], b));
    any_equal |= slices.back().first == slices.back().second;
  }
  if (!any_equal) return {};
  for (std::size_t i = 0; i < slices.size();) {
    if (slices[i].first == slices[i].second) {
      low_to_high.push_back(slices[i++].first);
      continue;
    }
    std::vector<Term> high_a;
    std::vector<Term> high_b;
    while (i < slices.size() && slices[i].first != slices[i].second) {
      high_a.insert(high_a.begin(), slices[i].first);
      high_b.insert(high_b.begin(), slices[i].second);
      ++i;
    }
    low_to_high.push_back(detail::raw_ite(c, concat(high_a), concat(high_b)));
  }
  std::reverse(low_to_high.begin(), low_to_high.end());
  return concat(low_to_high);
}

}  // namespace

Term ite(Term c, Term a, Term b) {
  IR_ASSERT(c.sort().is_bool() && a.sort() == b.sort());
  if (c.is_true()) return a;
  if (c.is_false() || a == b) return b;
  if (c.is(Op::logical_not)) return ite(c.arg(0), b, a);
  if (a.is(Op::ite) && a.arg(0) == c) return ite(c, a.arg(1), b);
  if (b.is(Op::ite) && b.arg(0) == c) return ite(c, a, b.arg(2));
  if (a.sort().is_bool()) return bool_ite(c, a, b);
  if (a.sort().is_memory()) return detail::memory_ite(c, a, b);
  if (!a.sort().is_bitvec()) return detail::raw_ite(c, a, b);
  detail::Depth depth;
  if (depth.too_deep()) return detail::raw_ite(c, a, b);

  if (const Term simpler = canonical_bound(c, a, b)) return ite(simpler, a, b);
  if (const Term simpler = equal_branch(c, a, b)) return simpler;
  if (a.is(Op::ite)) {
    if (a.arg(2) == b) return ite(logical_and(c, a.arg(0)), a.arg(1), b);
    if (a.arg(1) == b) return ite(logical_and(c, logical_not(a.arg(0))), a.arg(2), b);
  }
  if (b.is(Op::ite)) {
    if (b.arg(1) == a) return ite(logical_or(c, b.arg(0)), a, b.arg(2));
    if (b.arg(2) == a) return ite(logical_and(logical_not(c), b.arg(0)), b.arg(1), a);
  }
  if (a.width() > 1 && (a.is(Op::sum) || b.is(Op::sum)))
    if (const Term moved = common_sum(c, a, b)) return moved;
  if (a.is(Op::concat) || b.is(Op::concat))
    if (const Term moved = common_slices(c, a, b)) return moved;
  return detail::raw_ite(c, a, b);
}

}  // namespace ir
