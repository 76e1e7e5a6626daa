// SPDX-License-Identifier: Apache-2.0
// Boolean structure: negation, flattened conjunctions, disjunction as negated conjunction, implication.
// Path conditions are conjunctions that share most literals; absorption and the joining of ranges keep them short,
// so that ccmp/csel chains and merged paths do not grow into solver work.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

Term logical_not(Term a) {
  IR_ASSERT(a.sort().is_bool());
  if (a.is_constant()) return boolean(a.is_false());
  if (a.is(Op::logical_not)) return a.arg(0);
  return detail::make(Op::logical_not, Sort::boolean(), {a});
}

namespace {

using Literals = std::vector<Term>;

bool contains(const Literals& sorted, Term term) {
  return std::binary_search(sorted.begin(), sorted.end(), term, detail::by_id);
}

void sort_unique(Literals& literals) {
  std::sort(literals.begin(), literals.end(), detail::by_id);
  literals.erase(std::unique(literals.begin(), literals.end()), literals.end());
}

void flatten(Term term, Literals& out) {
  if (term.is(Op::logical_and)) {
    out.insert(out.end(), term.args().begin(), term.args().end());
  } else if (!term.is_true()) {
    out.push_back(term);
  }
}

bool is_disjunction(Term literal) { return literal.is(Op::logical_not) && literal.arg(0).is(Op::logical_and); }

enum class Step { unchanged, changed, contradiction };

// a & (!a | b) -> a & b;  a & (a | b) -> a.
Step absorb(Literals& literals) {
  for (std::size_t i = 0; i < literals.size(); ++i) {
    const Term clause = literals[i];
    if (!is_disjunction(clause)) continue;
    const auto inner = clause.arg(0).args();
    bool satisfied = false;
    Literals rest;
    for (Term part : inner) {
      if (contains(literals, part)) continue;
      if (contains(literals, logical_not(part))) {
        satisfied = true;
        break;
      }
      rest.push_back(part);
    }
    if (!satisfied && rest.size() == inner.size()) continue;
    literals.erase(literals.begin() + static_cast<std::ptrdiff_t>(i));
    if (!satisfied) {
      if (rest.empty()) return Step::contradiction;
      flatten(logical_not(logical_and(rest)), literals);
      sort_unique(literals);
    }
    return Step::changed;
  }
  return Step::unchanged;
}

bool contradictory(const Literals& literals) {
  for (Term literal : literals)
    if (literal.is_false() || (literal.is(Op::logical_not) && contains(literals, literal.arg(0)))) return true;
  return false;
}

}  // namespace

Term logical_and(std::span<const Term> terms) {
  Literals literals;
  for (Term term : terms) {
    IR_ASSERT(term.sort().is_bool());
    if (term.is_false()) return term;
    flatten(term, literals);
  }
  sort_unique(literals);
  detail::Depth depth;
  constexpr unsigned max_rounds = 64;
  for (unsigned round = 0; round < max_rounds && !depth.too_deep(); ++round) {
    if (contradictory(literals)) return boolean(false);
    if (literals.size() < 2) break;
    const Step step = absorb(literals);
    if (step == Step::contradiction) return boolean(false);
    if (step == Step::changed) continue;
    if (!detail::join_ranges(literals)) break;
    Literals flat;
    for (Term literal : literals) flatten(literal, flat);
    literals.swap(flat);
    sort_unique(literals);
  }
  if (contradictory(literals)) return boolean(false);
  if (literals.empty()) return boolean(true);
  if (literals.size() == 1) return literals.front();
  return detail::make(Op::logical_and, Sort::boolean(), literals);
}

Term logical_and(Term a, Term b) {
  const Term both[] = {a, b};
  return logical_and(both);
}

// (p & c) | (p & d) -> p & (c | d), so that the two halves of a branch join to what they came from.
Term logical_or(Term a, Term b) {
  IR_ASSERT(a.sort().is_bool() && b.sort().is_bool());
  if (a.is_true() || b.is_false()) return a;
  if (b.is_true() || a.is_false()) return b;
  Literals in_a;
  Literals in_b;
  flatten(a, in_a);
  flatten(b, in_b);
  Literals common;
  std::set_intersection(in_a.begin(), in_a.end(), in_b.begin(), in_b.end(), std::back_inserter(common), detail::by_id);
  if (common.empty()) return logical_not(logical_and(logical_not(a), logical_not(b)));
  Literals rest_a;
  Literals rest_b;
  std::set_difference(in_a.begin(), in_a.end(), common.begin(), common.end(), std::back_inserter(rest_a),
                      detail::by_id);
  std::set_difference(in_b.begin(), in_b.end(), common.begin(), common.end(), std::back_inserter(rest_b),
                      detail::by_id);
  common.push_back(logical_not(logical_and(logical_not(logical_and(rest_a)), logical_not(logical_and(rest_b)))));
  return logical_and(common);
}

Term logical_or(std::span<const Term> terms) {
  Term result = boolean(false);
  for (Term term : terms) result = logical_or(result, term);
  return result;
}

Term implies(Term a, Term b) { return logical_or(logical_not(a), b); }

Term ne(Term a, Term b) { return logical_not(eq(a, b)); }
Term ule(Term a, Term b) { return logical_not(ult(b, a)); }
Term sle(Term a, Term b) { return logical_not(slt(b, a)); }

}  // namespace ir
