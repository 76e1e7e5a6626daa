// SPDX-License-Identifier: Apache-2.0
// Matching modulo the normal forms. The pattern was built by the same constructors as the subject, so it has the
// normal form of its *general* case; a subject in which a variable stands for a constant, a sum or a slice may look
// different. So the matcher solves instead of comparing: `p + 3 = s` proposes p = s - 3, `p[15:8] = s` proposes a slice, a
// concatenation is cut in its pieces. A proposal counts only if the pattern built from it is the subject.
#include "rewrite-rules/matcher.hpp"

#include <algorithm>

#include "ir/assert.hpp"
#include "ir/build.hpp"

namespace rules {
namespace {

using ir::Op;
using ir::Term;
using ir::u128;

constexpr unsigned max_steps = 400;  // goals looked at for one rule at one node

bool any_order(Op op) {
  return op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor || op == Op::logical_and || op == Op::mul ||
         op == Op::equal;
}

/// Operators that a constructor may make into something else when an operand is special; a pattern with one of these
/// inside need not meet the same operator.
bool may_look_different(Op op) {
  return op == Op::sum || op == Op::bit_and || op == Op::bit_or || op == Op::bit_xor || op == Op::shl ||
         op == Op::lshr || op == Op::ashr || op == Op::concat || op == Op::extract || op == Op::sext || op == Op::ite;
}

/// The operator of `like`, one of those that take any number of operands, applied to some of them.
Term joined(Term like, const std::vector<Term>& terms) {
  Term out = terms.front();
  for (std::size_t i = 1; i < terms.size(); ++i) {
    switch (like.op()) {
      case Op::bit_and: out = ir::bit_and(out, terms[i]); break;
      case Op::bit_or: out = ir::bit_or(out, terms[i]); break;
      case Op::bit_xor: out = ir::bit_xor(out, terms[i]); break;
      case Op::mul: out = ir::mul(out, terms[i]); break;
      case Op::logical_and: out = ir::logical_and(out, terms[i]); break;
      default: IR_ASSERT(false);
    }
  }
  return out;
}

struct Goal {
  Term pattern;
  Term subject;
};
using Goals = std::vector<Goal>;

class Matcher {
 public:
  Matcher(const Compiled& rule, Term subject) : rule_(rule), subject_(subject), part_(subject) {}

  std::optional<Term> run() {
    const Term pattern = rule_.match;
    if (pattern.is(Op::sum) && subject_.args().size() > pattern.args().size()) {
      root_sum(u128{1});
      if (!done_) root_sum(ir::mask(subject_.width()));
    } else if (any_order(pattern.op()) && subject_.args().size() > pattern.args().size()) {
      std::vector<bool> taken(subject_.args().size(), false);
      root_subset(0, {}, taken);
    }
    if (!done_) {
      part_ = subject_;
      rest_ = Term();
      solve({{pattern, subject_}});
    }
    return done_;
  }

 private:
  /// All goals must hold; true when a proposal was accepted.
  bool solve(Goals goals) {
    if (done_ || ++steps_ > max_steps) return done_.has_value();
    if (goals.empty()) return accept();
    const std::size_t next = pick(goals);
    const Goal goal = goals[next];
    goals.erase(goals.begin() + static_cast<std::ptrdiff_t>(next));
    if (!(goal.pattern.sort() == goal.subject.sort())) return false;
    if (goal.pattern.is_variable()) return variable(goal, std::move(goals));
    if (is_bound(goal.pattern)) return value(goal.pattern) == goal.subject && solve(std::move(goals));
    return structure(goal, std::move(goals));
  }

  /// Goals with one answer first, so that branching meets bound variables.
  std::size_t pick(const Goals& goals) const {
    std::size_t best = 0;
    unsigned best_rank = 99;
    for (std::size_t i = 0; i < goals.size(); ++i) {
      const Term p = goals[i].pattern;
      unsigned rank = 3;
      if (p.is_variable() || is_bound(p)) {
        rank = 0;
      } else if (!any_order(p.op()) && !p.is(Op::sum) && !p.is(Op::extract) && !p.is(Op::sext)) {
        rank = 1;
      } else if (p.op() == goals[i].subject.op()) {
        rank = 2;
      }
      if (rank < best_rank) {
        best_rank = rank;
        best = i;
      }
    }
    return best;
  }

  bool variable(const Goal& goal, Goals goals) {
    const auto bound = bindings_.find(goal.pattern);
    if (bound != bindings_.end()) return bound->second == goal.subject && solve(std::move(goals));
    if (needs_constant(goal.pattern) && !goal.subject.is_constant()) return false;
    bindings_.emplace(goal.pattern, goal.subject);
    if (solve(std::move(goals))) return true;
    bindings_.erase(goal.pattern);
    return false;
  }

  bool structure(const Goal& goal, Goals goals) {
    const Term p = goal.pattern;
    const Term s = goal.subject;
    switch (p.op()) {
      case Op::logical_not:
        goals.push_back({p.arg(0), ir::logical_not(s)});
        return solve(std::move(goals));
      case Op::sum:
        return sum(p, s, std::move(goals));
      case Op::concat:
        return concatenation(p, s, std::move(goals));
      case Op::extract:
        return slice(p, s, std::move(goals));
      case Op::sext:
        goals.push_back({p.arg(0), ir::extract(p.arg(0).width() - 1, 0, s)});
        return solve(std::move(goals));
      default:
        break;
    }
    if (p.op() != s.op()) return may_look_different(p.op()) && solve(std::move(goals));
    if (any_order(p.op())) {
      std::vector<bool> taken(s.args().size(), false);
      return in_any_order(p, s, 0, taken, goals);
    }
    if (p.args().size() != s.args().size()) return false;
    for (std::size_t i = 0; i < p.args().size(); ++i) goals.push_back({p.arg(i), s.arg(i)});
    return solve(std::move(goals));
  }

  /// Operand `index` of the pattern takes each free operand of the subject in turn; the last one takes all that are left.
  bool in_any_order(Term p, Term s, std::size_t index, std::vector<bool>& taken, const Goals& goals) {
    const std::size_t n = p.args().size();
    if (n > s.args().size()) return may_look_different(p.op()) && solve(goals);
    if (index + 1 == n && s.args().size() > n) {
      std::vector<Term> left;
      for (std::size_t j = 0; j < taken.size(); ++j) {
        if (!taken[j]) left.push_back(s.arg(j));
      }
      Goals more = goals;
      more.push_back({p.arg(index), joined(s, left)});
      return solve(std::move(more));
    }
    if (index == n) return solve(goals);
    for (std::size_t j = 0; j < taken.size() && !done_; ++j) {
      if (taken[j]) continue;
      taken[j] = true;
      Goals more = goals;
      more.push_back({p.arg(index), s.arg(j)});
      if (in_any_order(p, s, index + 1, taken, more)) return true;
      taken[j] = false;
    }
    return false;
  }

  bool concatenation(Term p, Term s, Goals goals) {
    unsigned low = p.width();
    for (Term piece : p.args()) {
      low -= piece.width();
      goals.push_back({piece, ir::extract(low + piece.width() - 1, low, s)});
    }
    return solve(std::move(goals));
  }

  /// p = x[hi:lo]. A slice of a wider term proposes the window of that term in which x lies.
  bool slice(Term p, Term s, Goals goals) {
    const Term inner = p.arg(0);
    if (s.is(Op::extract) && s.lo() >= p.lo()) {
      const unsigned low = s.lo() - p.lo();
      const unsigned high = low + inner.width() - 1;
      if (high < s.arg(0).width()) {
        Goals more = goals;
        more.push_back({inner, ir::extract(high, low, s.arg(0))});
        if (solve(std::move(more))) return true;
      }
    }
    return solve(std::move(goals));  // another goal may bind the variables
  }

  /// p = offset + sum of c*m: bound monomials move to the other side, a constant variable takes the offset, and one of the
  /// others takes what is left.
  bool sum(Term p, Term s, Goals goals) {
    const unsigned width = p.width();
    Term left = ir::sub(s, ir::bv(p.offset(), width));
    std::vector<std::size_t> open;
    std::vector<std::size_t> constants;
    for (std::size_t i = 0; i < p.args().size(); ++i) {
      const Term m = p.arg(i);
      if (is_bound(m)) {
        left = ir::sub(left, ir::mul(ir::bv(p.coefficients()[i], width), value(m)));
      } else {
        (m.is_variable() && needs_constant(m) ? constants : open).push_back(i);
      }
    }
    if (constants.size() > 1) return solve(std::move(goals));
    if (constants.size() == 1) {
      const u128 c = p.coefficients()[constants[0]];
      u128 offset = left.is_constant() ? left.value() : left.is(Op::sum) ? left.offset() : 0;
      if (c != 1 && c != ir::mask(width)) return solve(std::move(goals));
      left = ir::sub(left, ir::bv(offset, width));
      if (c != 1) offset = -offset;
      goals.push_back({p.arg(constants[0]), ir::bv(offset, width)});
    }
    return monomials(p, open, left, std::move(goals));
  }

  bool monomials(Term p, const std::vector<std::size_t>& open, Term left, Goals goals) {
    const unsigned width = p.width();
    if (open.empty()) return left.is_constant() && left.value() == 0 && solve(std::move(goals));
    if (open.size() == 1) {
      const u128 c = p.coefficients()[open[0]];
      if (c != 1 && c != ir::mask(width)) return solve(std::move(goals));
      goals.push_back({p.arg(open[0]), c == 1 ? left : ir::neg(left)});
      return solve(std::move(goals));
    }
    if (!left.is(Op::sum)) return solve(std::move(goals));
    for (std::size_t i : open) {
      std::vector<std::size_t> others;
      for (std::size_t k : open) {
        if (k != i) others.push_back(k);
      }
      for (std::size_t j = 0; j < left.args().size() && !done_; ++j) {
        if (left.coefficients()[j] != p.coefficients()[i]) continue;
        const Term taken = ir::mul(ir::bv(left.coefficients()[j], width), left.arg(j));
        Goals more = goals;
        more.push_back({p.arg(i), left.arg(j)});
        if (monomials(p, others, ir::sub(left, taken), std::move(more))) return true;
      }
      if (done_ || steps_ > max_steps) return done_.has_value();
    }
    return false;
  }

  /// Root `sum`: the pattern's monomials, times `scale`, are some of the subject's. The offset stays outside unless the
  /// pattern has one.
  void root_sum(u128 scale) {
    std::vector<bool> taken(subject_.args().size(), false);
    scale_ = scale;
    root_monomials(0, ir::bv(rule_.match.offset(), subject_.width()), {}, taken);
    scale_ = 1;
  }

  void root_monomials(std::size_t index, Term part, const Goals& goals, std::vector<bool>& taken) {
    const Term p = rule_.match;
    const unsigned width = subject_.width();
    if (index == p.args().size()) {
      part_ = part;
      rest_ = ir::sub(subject_, ir::mul(ir::bv(scale_, width), part));
      solve(goals);
      return;
    }
    for (std::size_t j = 0; j < taken.size() && !done_ && steps_ <= max_steps; ++j) {
      const u128 c = subject_.coefficients()[j] * scale_ & ir::mask(width);
      if (taken[j] || c != p.coefficients()[index]) continue;
      taken[j] = true;
      Goals more = goals;
      more.push_back({p.arg(index), subject_.arg(j)});
      root_monomials(index + 1, ir::add(part, ir::mul(ir::bv(c, width), subject_.arg(j))), more, taken);
      taken[j] = false;
    }
  }

  void root_subset(std::size_t index, const Goals& goals, std::vector<bool>& taken) {
    const Term p = rule_.match;
    if (index == p.args().size()) {
      std::vector<Term> part, rest;
      for (std::size_t j = 0; j < taken.size(); ++j) (taken[j] ? part : rest).push_back(subject_.arg(j));
      part_ = joined(subject_, part);
      rest_ = joined(subject_, rest);
      solve(goals);
      return;
    }
    for (std::size_t j = 0; j < taken.size() && !done_ && steps_ <= max_steps; ++j) {
      if (taken[j]) continue;
      taken[j] = true;
      Goals more = goals;
      more.push_back({p.arg(index), subject_.arg(j)});
      root_subset(index + 1, more, taken);
      taken[j] = false;
    }
  }

  /// The one place where a rule fires.
  bool accept() {
    for (std::size_t i = 0; i < rule_.variables.size(); ++i) {
      const Term v = rule_.variables[i];
      if (!bindings_.contains(v)) {
        if (appears(v)) return false;
      } else if (rule_.is_constant[i] && !bindings_.at(v).is_constant()) {
        return false;
      }
    }
    if (rule_.first && bindings_.at(rule_.first).id() >= bindings_.at(rule_.second).id()) return false;
    for (Term condition : rule_.conditions) {
      if (!value(condition).is_true()) return false;
    }
    if (!(value(rule_.match) == part_)) return false;
    done_ = combine(value(rule_.result));
    return true;
  }

  Term combine(Term result) const {
    if (!rest_) return result;
    if (subject_.is(Op::sum)) return ir::add(rest_, ir::mul(ir::bv(scale_, subject_.width()), result));
    return joined(subject_, {result, rest_});
  }

  bool appears(Term variable) const {
    const std::vector<Term> all = ir::variables_of(rule_.match);
    return std::find(all.begin(), all.end(), variable) != all.end();
  }

  bool needs_constant(Term variable) const {
    for (std::size_t i = 0; i < rule_.variables.size(); ++i) {
      if (rule_.variables[i] == variable) return rule_.is_constant[i];
    }
    return false;
  }

  bool is_bound(Term pattern) const {
    if (pattern.is_variable()) return bindings_.contains(pattern);
    return std::all_of(pattern.args().begin(), pattern.args().end(), [&](Term arg) { return is_bound(arg); });
  }

  Term value(Term pattern) const { return ir::substitute(pattern, bindings_); }

  const Compiled& rule_;
  Term subject_;
  Term part_;
  Term rest_;
  u128 scale_ = 1;
  ir::Substitution bindings_;
  unsigned steps_ = 0;
  std::optional<Term> done_;
};

/// A quick no: an operand of the pattern that looks the same in every instance has no counterpart in the subject.
bool hopeless(Term pattern, Term subject) {
  if (!any_order(pattern.op())) return false;
  for (Term p : pattern.args()) {
    if (p.is(Op::logical_not)) p = p.arg(0);
    if (p.is_variable() || p.is_constant() || may_look_different(p.op())) continue;
    const std::uint64_t key = root_key(p);
    const bool found = std::any_of(subject.args().begin(), subject.args().end(), [&](Term s) {
      return root_key(s.is(Op::logical_not) ? s.arg(0) : s) == key;
    });
    if (!found) return true;
  }
  return false;
}

}  // namespace

std::optional<Term> apply_at_root(const Compiled& rule, Term subject) {
  if (hopeless(rule.match, subject)) return std::nullopt;
  std::optional<Term> out = Matcher(rule, subject).run();
  if (out && *out == subject) return std::nullopt;
  return out;
}

}  // namespace rules
