// SPDX-License-Identifier: Apache-2.0
// What one case knows, kept as replacements so that using it is rebuilding terms.
#include <algorithm>

#include "validator/check/case_split.hpp"

namespace validator::check {

using ir::Op;
using ir::Term;

namespace {

/// Rebuilding converges at once in practice; the limit is for constructors that would undo each other.
constexpr unsigned nesting_limit = 200;

bool occurs(Term variable, Term term) {
  const auto all = ir::variables_of(term);
  return std::find(all.begin(), all.end(), variable) != all.end();
}

}  // namespace

Term CaseFacts::replaced(Term term) const {
  if (auto found = replacements_.find(term); found != replacements_.end()) return found->second;
  if (term.is(Op::ult) || term.is(Op::slt)) {
    const auto same = replacements_.find(ir::eq(term.arg(0), term.arg(1)));
    if (same == replacements_.end()) return term;
    if (same->second.is_true()) return ir::boolean(false);
    const Term opposite = term.is(Op::ult) ? ir::ult(term.arg(1), term.arg(0)) : ir::slt(term.arg(1), term.arg(0));
    const auto other = replacements_.find(opposite);
    return same->second.is_false() && other != replacements_.end() && other->second.is_false() ? ir::boolean(true) : term;
  }
  if (!term.is(Op::extract)) return term;
  auto known = fields_.find(term.arg(0));
  if (known == fields_.end()) return term;
  for (const Field& field : known->second) {
    if (field.lo > term.lo() || term.hi() > field.hi) continue;
    return ir::bv(field.value >> (term.lo() - field.lo), term.width());
  }
  return term;
}

/// Is it a slice of the bits that are not known of a value of which others are?
bool CaseFacts::is_unknown_part(Term term) const {
  if (!term.is(Op::extract)) return false;
  const auto known = partly_known_.find(term.arg(0));
  return known != partly_known_.end() && term.hi() <= known->second.hi && term.lo() >= known->second.lo;
}

Term CaseFacts::visit(Term term) {
  if (term.is_constant() || is_unknown_part(term)) return term;
  if (auto found = memo_.find(term); found != memo_.end()) return found->second;
  Term result = replaced(term);
  if (result == term && !term.args().empty()) {
    std::vector<Term> args;
    args.reserve(term.args().size());
    bool same = true;
    for (Term arg : term.args()) {
      args.push_back(visit(arg));
      same = same && args.back() == arg;
    }
    if (!same) result = ir::rebuild(term, args);
  }
  // What came out may be replaceable in turn.
  if (result != term && nested_ < nesting_limit) {
    ++nested_;
    result = visit(result);
    --nested_;
  }
  memo_.insert_or_assign(term, result);
  return result;
}

Term CaseFacts::rewrite(Term term) { return visit(term); }

void CaseFacts::replace(Term from, Term to) {
  if (from == to) return;
  replacements_.insert_or_assign(from, to);
}

/// A bool from a call, or an aligned pointer: written as its unknown bits beside its known ones.
void CaseFacts::fill_in(Term whole, Field known) {
  const bool upper = known.hi + 1 == whole.width() && known.lo > 0, lower = known.lo == 0 && known.hi + 1 < whole.width();
  if (!upper && !lower) return;
  const Field unknown{upper ? known.lo - 1 : whole.width() - 1, upper ? 0 : known.hi + 1, 0};
  if (!partly_known_.emplace(whole, unknown).second) return;
  const Term value = ir::bv(known.value, known.hi - known.lo + 1), rest = ir::extract(unknown.hi, unknown.lo, whole);
  replace(whole, upper ? ir::concat(value, rest) : ir::concat(rest, value));
}

void CaseFacts::learn(Term literal) {
  literals_.push_back(literal);
  memo_.clear();
  const bool holds = !literal.is(Op::logical_not);
  const Term atom = holds ? literal : literal.arg(0);
  replace(atom, ir::boolean(holds));
  // Replacing a whole choice by its value would hide what that says about its condition.
  if (deciding_condition(atom)) return;
  if (atom.is(Op::ult) || atom.is(Op::slt)) {
    const Term opposite = atom.is(Op::ult) ? ir::ult(atom.arg(1), atom.arg(0)) : ir::slt(atom.arg(1), atom.arg(0));
    const Term same = ir::eq(atom.arg(0), atom.arg(1));
    if (holds) {
      if (!opposite.is_constant()) replace(opposite, ir::boolean(false));
      contradiction_ = contradiction_ || visit(same).is_true();
      if (!same.is_constant()) replace(same, ir::boolean(false));
    } else if (const auto found = replacements_.find(opposite); found != replacements_.end() && found->second.is_false()) {
      contradiction_ = contradiction_ || visit(same).is_false();
      if (!same.is_constant()) replace(same, ir::boolean(true));
    }
    return;
  }
  if (!atom.is(Op::equal) || atom.arg(0).sort().is_memory()) return;
  Term left = atom.arg(0), right = atom.arg(1);
  if (left.is_constant()) std::swap(left, right);
  if (right.is_constant() && left.sort().is_bitvec()) {
    const bool one_bit = left.width() == 1;
    if (!holds && !one_bit) return;
    const Term value = holds ? right : ir::bv(right.value() ^ 1, 1);
    replace(left, value);
    if (!left.is(Op::extract)) return;
    const Term whole = left.arg(0);
    fields_[whole].push_back({left.hi(), left.lo(), value.value()});
    if (whole.is_variable()) fill_in(whole, {left.hi(), left.lo(), value.value()});
    return;
  }
  if (!holds || right.is_constant()) return;
  if (left.is_variable() && !occurs(left, right)) {
    replace(left, right);
  } else if (right.is_variable() && !occurs(right, left)) {
    replace(right, left);
  }
}

/// A literal under everything else that is known.
Term CaseFacts::refreshed(Term literal) {
  const bool holds = !literal.is(Op::logical_not);
  const Term atom = holds ? literal : literal.arg(0);
  std::vector<Term> args;
  bool same = true;
  for (Term arg : atom.args()) {
    args.push_back(visit(arg));
    same = same && args.back() == arg;
  }
  if (same) return literal;
  const Term now = ir::rebuild(atom, args);
  if (replacements_.contains(now)) return visit(holds ? now : ir::logical_not(now));
  return holds ? now : ir::logical_not(now);
}

void CaseFacts::assume(Term condition) {
  std::vector<Term> work{condition};
  while (!contradiction_) {
    bool learnt = false;
    while (!work.empty()) {
      const Term next = rewrite(work.back());
      work.pop_back();
      if (next.is_true()) continue;
      if (next.is_false()) {
        contradiction_ = true;
        return;
      }
      if (next.is(Op::logical_and)) {
        work.insert(work.end(), next.args().begin(), next.args().end());
        continue;
      }
      const Term atom = next.is(Op::logical_not) ? next.arg(0) : next;
      if (atom.is(Op::logical_and) || atom.is(Op::ite)) {
        clauses_.push_back(next);
        continue;
      }
      learn(next);
      if (contradiction_) return;
      memo_.clear();
      learnt = true;
    }
    if (!learnt) return;
    // What is known earlier may say more, or contradict, now.
    std::vector<Term> kept;
    for (Term clause : clauses_) {
      const Term now = rewrite(clause);
      if (now == clause) {
        kept.push_back(clause);
      } else {
        work.push_back(now);
      }
    }
    clauses_ = std::move(kept);
    // A literal that becomes true is an equation: it is still needed for what was not replaced by it.
    std::erase_if(literals_, [&](Term literal) {
      const Term now = refreshed(literal);
      if (now == literal || now.is_true()) return false;
      work.push_back(now);
      return true;
    });
    if (work.empty()) return;
  }
}

std::vector<Term> CaseFacts::all() const {
  std::vector<Term> result = literals_;
  result.insert(result.end(), clauses_.begin(), clauses_.end());
  return result;
}

}  // namespace validator::check
