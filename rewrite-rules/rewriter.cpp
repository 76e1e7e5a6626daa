// SPDX-License-Identifier: Apache-2.0
// The engine: passes over the DAG, each bottom-up with one rule application per node, until nothing changes. One pass
// always ends; the number of passes is bounded, as a constructor above a rewritten node may undo the weight that a rule
// saved. Rules are tried in the order of the files, so equal input gives equal output.
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "ir/build.hpp"
#include "rewrite-rules/content.hpp"
#include "rewrite-rules/matcher.hpp"

namespace rules {

using ir::Term;

struct Rewriter::State {
  explicit State(RuleSet set) : rules(std::move(set)) {}

  RuleSet rules;
  std::unordered_map<Term, Term> once;   ///< the term after one pass
  std::unordered_map<Term, Term> final;  ///< the term after all passes
  Applications fired;
};

namespace {

constexpr unsigned max_passes = 16;

Term at_root(Term term, const RuleSet::Content& content, Applications& fired) {
  const auto candidates = content.by_root.find(root_key(term));
  if (candidates == content.by_root.end()) return term;
  for (std::size_t index : candidates->second) {
    const Compiled& rule = content.compiled[index];
    if (const std::optional<Term> result = apply_at_root(rule, term)) {
      ++fired[content.rules[rule.rule].name];
      return *result;
    }
  }
  return term;
}

/// Explicit stack: terms of long paths are deeper than the machine's.
Term pass(Term root, const RuleSet::Content& content, std::unordered_map<Term, Term>& once, Applications& fired) {
  std::vector<std::pair<Term, bool>> stack{{root, false}};
  while (!stack.empty()) {
    const auto [term, operands_done] = stack.back();
    if (once.contains(term)) {
      stack.pop_back();
    } else if (!operands_done) {
      stack.back().second = true;
      for (Term arg : term.args()) {
        if (!once.contains(arg)) stack.push_back({arg, false});
      }
    } else {
      stack.pop_back();
      std::vector<Term> args;
      bool changed = false;
      for (Term arg : term.args()) {
        args.push_back(once.at(arg));
        changed = changed || !(args.back() == arg);
      }
      const Term rebuilt = changed ? ir::rebuild(term, args) : term;
      once.emplace(term, at_root(rebuilt, content, fired));
    }
  }
  return once.at(root);
}

}  // namespace

Rewriter::Rewriter(RuleSet rules) : state_(std::make_unique<State>(std::move(rules))) {}
Rewriter::~Rewriter() = default;
Rewriter::Rewriter(Rewriter&&) noexcept = default;
Rewriter& Rewriter::operator=(Rewriter&&) noexcept = default;

Term Rewriter::operator()(Term term) {
  const auto known = state_->final.find(term);
  if (known != state_->final.end()) return known->second;
  Term out = term;
  for (unsigned i = 0; i < max_passes; ++i) {
    const Term next = pass(out, state_->rules.content(), state_->once, state_->fired);
    if (next == out) break;
    out = next;
  }
  state_->final.emplace(term, out);
  return out;
}

const Applications& Rewriter::applications() const { return state_->fired; }

void Rewriter::reset() { *state_ = State(state_->rules); }

Term rewrite(Term term, const RuleSet& rules, Applications* fired) {
  Rewriter rewriter(rules);
  const Term out = rewriter(term);
  if (fired != nullptr) {
    for (const auto& [name, count] : rewriter.applications()) (*fired)[name] += count;
  }
  return out;
}

}  // namespace rules
