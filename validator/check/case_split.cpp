// SPDX-License-Identifier: Apache-2.0
// See case_split.hpp.
#include "validator/check/case_split.hpp"

#include <algorithm>
#include <deque>
#include <unordered_set>

namespace validator::check {

using ir::Answer;
using ir::Op;
using ir::Term;

namespace {

constexpr unsigned depth_limit = 60;
/// At these depths the solver gets a try although there is structure left.
constexpr unsigned try_interval = 4;

bool compound(Term condition) {
  return condition.is(Op::logical_not) || condition.is(Op::logical_and) || (condition.is(Op::ite) && condition.sort().is_bool());
}

/// The first atom of a condition; null when it is constant.
Term atom_of(Term condition) {
  while (compound(condition)) condition = condition.arg(0);
  return condition.is_constant() ? Term() : condition;
}

}  // namespace

Term deciding_condition(Term root) {
  std::deque<Term> work{root};
  std::unordered_set<Term> seen;
  Term boolean_part;
  while (!work.empty()) {
    const Term term = work.front();
    work.pop_front();
    if (!seen.insert(term).second) continue;
    if (term.is(Op::ite)) {
      if (const Term atom = atom_of(term.arg(0))) return atom;
    }
    if (!boolean_part && term != root && (term.is(Op::logical_and) || term.is(Op::logical_not))) boolean_part = atom_of(term);
    for (Term arg : term.args()) work.push_back(arg);
  }
  return boolean_part;
}

namespace {

/// Stores from the top of a memory down to what they are made on.
struct Chain {
  std::vector<Term> stores;
  Term base;
};

Chain chain_of(Term memory) {
  Chain chain;
  while (memory.is(Op::store)) {
    chain.stores.push_back(memory);
    memory = memory.arg(0);
  }
  chain.base = memory;
  return chain;
}

unsigned bytes_of(Term store) { return store.arg(2).width() / 8; }

Term disjoint(Term address, unsigned bytes, Term other, unsigned other_bytes) {
  const Term distance = ir::sub(other, address);
  return ir::logical_and(ir::ule(ir::bv(bytes, 64), distance), ir::ule(ir::bv(other_bytes, 64), ir::neg(distance)));
}

void collect_memories(Term root, std::unordered_set<Term>& found, std::unordered_set<Term>& seen) {
  if (!seen.insert(root).second) return;
  if (root.sort().is_memory() && (root.is(Op::store) || root.is(Op::ite))) found.insert(root);
  for (Term arg : root.args()) collect_memories(arg, found, seen);
}

/// Memories that both sides of an equation talk about, the largest ones: naming them makes the question smaller, and more
/// general.
std::vector<Term> shared_memories(Term goal) {
  if (!goal.is(Op::equal)) return {};
  std::unordered_set<Term> left, right, seen;
  collect_memories(goal.arg(0), left, seen);
  seen.clear();
  collect_memories(goal.arg(1), right, seen);
  std::vector<Term> shared;
  for (Term memory : left) {
    if (right.contains(memory)) shared.push_back(memory);
  }
  std::sort(shared.begin(), shared.end(), [](Term a, Term b) { return a.id() > b.id(); });
  std::vector<Term> largest;
  std::unordered_set<Term> inside;
  for (Term memory : shared) {
    if (inside.contains(memory)) continue;
    largest.push_back(memory);
    std::unordered_set<Term> below, walked;
    collect_memories(memory, below, walked);
    inside.insert(below.begin(), below.end());
  }
  return largest;
}

Term rename(Term term, const ir::Substitution& names, std::unordered_map<Term, Term>& memo) {
  if (auto found = names.find(term); found != names.end()) return found->second;
  if (term.args().empty()) return term;
  if (auto found = memo.find(term); found != memo.end()) return found->second;
  std::vector<Term> args;
  bool same = true;
  for (Term arg : term.args()) {
    args.push_back(rename(arg, names, memo));
    same = same && args.back() == arg;
  }
  const Term result = same ? term : ir::rebuild(term, args);
  memo.emplace(term, result);
  return result;
}

/// Loads of one side of an equation that the other side does not have.
std::unordered_set<Term> unmatched_loads(Term goal) {
  std::unordered_set<Term> result;
  if (!goal.is(Op::equal)) return result;
  auto collect = [](Term root) {
    std::unordered_set<Term> seen;
    std::vector<Term> work{root};
    while (!work.empty()) {
      const Term term = work.back();
      work.pop_back();
      if (!seen.insert(term).second) continue;
      for (Term arg : term.args()) work.push_back(arg);
    }
    return seen;
  };
  const auto left = collect(goal.arg(0)), right = collect(goal.arg(1));
  for (const auto& [ours, theirs] : {std::pair{&left, &right}, std::pair{&right, &left}}) {
    for (Term term : *ours) {
      if (term.is(Op::load) && term.arg(0).is(Op::store) && !theirs->contains(term)) result.insert(term);
    }
  }
  return result;
}

}  // namespace

CaseSplit::CaseSplit(Solve solve, MemoryOrder& order, unsigned leaf_limit)
    : solve_(std::move(solve)), order_(order), leaves_left_(leaf_limit) {}

CaseAnswer CaseSplit::prove(const std::vector<Term>& assumptions, Term goal) {
  CaseFacts facts;
  for (Term assumption : assumptions) facts.assume(assumption);
  return close(std::move(facts), goal, 0);
}

CaseAnswer CaseSplit::close(CaseFacts facts, Term goal, unsigned depth) {
  if (facts.contradiction()) return {Answer::valid, ""};
  goal = facts.rewrite(goal);
  if (goal.is(Op::logical_not) && goal.arg(0).is(Op::logical_and)) {
    facts.assume(goal.arg(0));
    goal = ir::boolean(false);
    if (facts.contradiction()) return {Answer::valid, ""};
  }
  if (goal.is_true()) return {Answer::valid, ""};
  if (goal.is(Op::logical_and)) {
    for (Term part : goal.args()) {
      const CaseAnswer answer = close(facts, part, depth);
      if (answer.answer != Answer::valid) return answer;
      facts.assume(part);
    }
    return {Answer::valid, ""};
  }
  if (goal.is(Op::equal) && goal.arg(0).sort().is_memory()) {
    const Term ordered = ir::eq(order_.normal(goal.arg(0)), order_.normal(goal.arg(1)));
    if (ordered.is_true()) return {Answer::valid, ""};
  }
  if (const Term atom = deciding_condition(goal); atom && depth < depth_limit) {
    if (depth % try_interval == try_interval - 1 && solve_(facts.all(), goal, Effort::attempt).answer == Answer::valid) {
      return {Answer::valid, ""};
    }
    return split(facts, goal, atom, depth);
  }
  return leaf(facts, goal, depth);
}

CaseAnswer CaseSplit::split(const CaseFacts& facts, Term goal, Term atom, unsigned depth) {
  for (Term side : {atom, ir::logical_not(atom)}) {
    CaseFacts half = facts;
    half.assume(side);
    // Most combinations of conditions contradict each other; the deeper, the more.
    if (!half.contradiction() && depth > 1 && solve_(half.all(), ir::boolean(false), Effort::glance).answer == Answer::valid) continue;
    const CaseAnswer answer = close(std::move(half), goal, depth + 1);
    if (answer.answer != Answer::valid) return answer;
  }
  return {Answer::valid, ""};
}

/// Equal when each store of one side has its partner with an equal value, and stores that changed places are disjoint.
bool CaseSplit::same_stores(const CaseFacts& facts, Term left, Term right, unsigned depth) {
  Chain ours = chain_of(left), theirs = chain_of(right);
  while (!ours.stores.empty() && !theirs.stores.empty() && ours.stores.back() == theirs.stores.back()) {
    ours.base = ours.stores.back();
    theirs.base = theirs.stores.back();
    ours.stores.pop_back();
    theirs.stores.pop_back();
  }
  if (ours.base != theirs.base || ours.stores.size() != theirs.stores.size()) return false;
  std::vector<std::size_t> partner;
  for (Term store : ours.stores) {
    std::size_t found = theirs.stores.size();
    for (std::size_t i = 0; i < theirs.stores.size() && found == theirs.stores.size(); ++i) {
      const Term other = theirs.stores[i];
      const bool free = std::find(partner.begin(), partner.end(), i) == partner.end();
      if (free && other.arg(1) == store.arg(1) && other.arg(2).width() == store.arg(2).width()) found = i;
    }
    if (found == theirs.stores.size()) return false;
    partner.push_back(found);
  }
  std::vector<Term> conditions;
  for (std::size_t i = 0; i < partner.size(); ++i) {
    conditions.push_back(ir::eq(ours.stores[i].arg(2), theirs.stores[partner[i]].arg(2)));
    for (std::size_t j = i + 1; j < partner.size(); ++j) {
      if (partner[j] < partner[i]) {
        const Term one = ours.stores[i], other = ours.stores[j];
        conditions.push_back(disjoint(one.arg(1), bytes_of(one), other.arg(1), bytes_of(other)));
      }
    }
  }
  return close(facts, ir::logical_and(conditions), depth + 1).answer == Answer::valid;
}

/// Loads read through the stores that cannot reach them.
Term CaseSplit::read_through(const CaseFacts& facts, Term term, const std::unordered_set<Term>& loads,
                             std::unordered_map<Term, Term>& memo) {
  if (term.args().empty()) return term;
  if (auto found = memo.find(term); found != memo.end()) return found->second;
  std::vector<Term> args;
  for (Term arg : term.args()) args.push_back(read_through(facts, arg, loads, memo));
  Term result = ir::rebuild(term, args);
  while (loads.contains(term) && result.is(Op::load) && result.arg(0).is(Op::store)) {
    const Term store = result.arg(0);
    const Term apart = disjoint(store.arg(1), bytes_of(store), result.arg(1), result.bytes());
    if (solve_(facts.all(), apart, Effort::attempt).answer != Answer::valid) break;
    result = ir::load(store.arg(0), result.arg(1), result.bytes());
  }
  memo.emplace(term, result);
  return result;
}

CaseAnswer CaseSplit::leaf(const CaseFacts& facts, Term goal, unsigned depth) {
  if (leaves_left_ == 0) return {Answer::unknown, "too many cases"};
  --leaves_left_;
  if (goal.is(Op::equal) && goal.arg(0).sort().is_memory() && depth < depth_limit &&
      same_stores(facts, order_.normal(goal.arg(0)), order_.normal(goal.arg(1)), depth)) {
    return {Answer::valid, ""};
  }
  if (const auto loads = unmatched_loads(goal); !loads.empty()) {
    std::unordered_map<Term, Term> memo;
    const Term simpler = read_through(facts, goal, loads, memo);
    if (simpler != goal) {
      const CaseAnswer answer = close(facts, simpler, depth + 1);
      if (answer.answer == Answer::valid) return answer;
    }
  }
  const std::vector<Term> known = facts.all();
  if (const auto shared = shared_memories(goal); !shared.empty()) {
    ir::Substitution names;
    for (Term memory : shared) names.emplace(memory, ir::fresh("shared", ir::Sort::memory()));
    std::unordered_map<Term, Term> memo;
    std::vector<Term> general;
    for (Term condition : known) general.push_back(rename(condition, names, memo));
    if (solve_(general, rename(goal, names, memo), Effort::attempt).answer == Answer::valid) return {Answer::valid, ""};
  }
  const CaseAnswer answer = solve_(known, goal, facts.clauses().empty() ? Effort::real : Effort::attempt);
  if (answer.answer != Answer::unknown) return answer;
  if (depth < depth_limit) {
    for (Term clause : facts.clauses()) {
      if (const Term atom = atom_of(clause)) return split(facts, goal, atom, depth);
    }
    for (Term condition : known) {
      if (const Term atom = deciding_condition(condition)) return split(facts, goal, atom, depth);
    }
  }
  return solve_(known, goal, Effort::real);
}

}  // namespace validator::check
