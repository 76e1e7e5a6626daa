// SPDX-License-Identifier: Apache-2.0
// See discharge.hpp.
#include "validator/check/discharge.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

#include "validator/check/case_split.hpp"
#include "validator/check/load_abstraction.hpp"

namespace validator::check {

using ir::Answer;

namespace {

/// Shares of the units of one query: most questions are easy, or hard as a whole and easy in their cases.
constexpr std::uint64_t first_try_divisor = 10;
constexpr std::uint64_t glance_divisor = 100;
constexpr std::uint64_t near_divisor = 50;
constexpr std::uint64_t leaf_divisor = 4;
constexpr unsigned search_leaves = 64;
constexpr unsigned proof_leaves = 600;

}  // namespace

Discharger::Discharger(const Limits& limits) : limits_(limits) {}

void Discharger::set_facts(std::vector<Fact> facts) {
  std::erase_if(facts, [](const Fact& fact) { return fact.condition.is_true() || fact.path.is_false(); });
  facts_ = std::move(facts);
  impossible_.clear();
}

std::uint64_t Discharger::queries() const { return queries_; }
std::uint64_t Discharger::solver_units() const { return units_; }
bool Discharger::is_spent() const { return units_ > std::min(limits_.function_units, stop_at_); }

Term Discharger::goal_of(const Obligation& obligation) {
  if (obligation.guard.is_false()) return ir::boolean(true);
  Term goal = obligation.goal;
  if (!goal) {
    if (obligation.left == obligation.right) return ir::boolean(true);
    goal = ir::eq(order_.normal(obligation.left), order_.normal(obligation.right));
  }
  return ir::implies(obligation.guard, goal).is_true() ? ir::boolean(true) : goal;
}

std::vector<Discharger::Known> Discharger::known_at(Term guard, Term count) {
  std::vector<Known> known;
  for (const Fact& fact : facts_) {
    // A fact on a path that the guard implies holds outright, which tells the encoding more.
    const bool holds = fact.path.is_true() || ir::logical_and(guard, fact.path) == guard;
    const Term whole = holds ? fact.condition : ir::implies(fact.path, fact.condition);
    if (!fact.count || fact.count == count) {
      known.push_back({whole, fact.condition});
      continue;
    }
    const ir::BaseOffset theirs = ir::base_offset(fact.count), ours = ir::base_offset(count);
    if (theirs.base == ours.base) {
      if (theirs.offset <= ours.offset) known.push_back({whole, fact.condition});
    } else {
      known.push_back({ir::implies(ir::ule(fact.count, count), whole), fact.condition});
    }
  }
  return known;
}

namespace {

/// What a term talks about: its variables other than memories, and its loads.
const std::vector<Term>& atoms_of(Term term) {
  static std::unordered_map<Term, std::vector<Term>> memo;
  if (auto found = memo.find(term); found != memo.end()) return found->second;
  std::vector<Term> atoms;
  std::unordered_set<Term> seen;
  std::vector<Term> work{term};
  while (!work.empty()) {
    const Term at = work.back();
    work.pop_back();
    if (!seen.insert(at).second) continue;
    if ((at.is_variable() && !at.sort().is_memory()) || at.is(ir::Op::load)) atoms.push_back(at);
    for (Term arg : at.args()) work.push_back(arg);
  }
  return memo.emplace(term, std::move(atoms)).first->second;
}

}  // namespace

/// Facts that talk about what the goal talks about, directly or through other such facts. Leaving facts out is sound.
std::vector<Term> Discharger::relevant(const std::vector<Known>& facts, Term goal) {
  std::unordered_set<Term> reached(atoms_of(goal).begin(), atoms_of(goal).end());
  std::vector<bool> taken(facts.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 0; i < facts.size(); ++i) {
      if (taken[i]) continue;
      const auto& about = atoms_of(facts[i].condition.is_constant() ? facts[i].whole : facts[i].condition);
      const bool contradicts = facts[i].whole.is_false();  // whatever the goal is about
      if (!contradicts && std::none_of(about.begin(), about.end(), [&](Term atom) { return reached.contains(atom); })) continue;
      taken[i] = changed = true;
      const auto& atoms = atoms_of(facts[i].whole);
      reached.insert(atoms.begin(), atoms.end());
    }
  }
  std::vector<Term> result;
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (taken[i]) result.push_back(facts[i].whole);
  }
  return result;
}

/// Facts about nothing but what the goal talks about. They are few, and often enough.
std::vector<Term> Discharger::near(const std::vector<Known>& facts, Term goal) {
  const std::unordered_set<Term> reached(atoms_of(goal).begin(), atoms_of(goal).end());
  std::vector<Term> result;
  for (const Known& fact : facts) {
    const auto& about = atoms_of(fact.whole);
    if (std::all_of(about.begin(), about.end(), [&](Term atom) { return reached.contains(atom); })) result.push_back(fact.whole);
  }
  return result;
}

namespace {

/// Does the goal multiply or divide by something that is not constant?
bool has_hard_arithmetic(Term term) {
  std::unordered_set<Term> seen;
  std::vector<Term> work{term};
  while (!work.empty()) {
    const Term at = work.back();
    work.pop_back();
    if (!seen.insert(at).second) continue;
    switch (at.op()) {
      case ir::Op::mul:
      case ir::Op::udiv:
      case ir::Op::sdiv:
      case ir::Op::urem:
      case ir::Op::srem:
        return true;
      default:
        break;
    }
    for (Term arg : at.args()) work.push_back(arg);
  }
  return false;
}

}  // namespace

namespace {

bool mentions_memory(const std::vector<Term>& assumptions, Term goal) {
  LoadAbstraction abstraction;
  for (Term term : assumptions) {
    if (!compares_memories(term)) abstraction.apply(term);
  }
  if (!compares_memories(goal)) abstraction.apply(goal);
  return abstraction.used();
}

}  // namespace

/// Is it true even when loads are only names for bytes?
bool Discharger::holds_without_memory(const std::vector<Term>& assumptions, Term goal, std::uint64_t units) {
  if (compares_memories(goal) || is_spent()) return false;
  LoadAbstraction abstraction;
  ir::SolverOptions options;
  options.resource_limit = units;
  options.seed = limits_.seed;
  options.engine = limits_.engine;
  options.abstract_arithmetic = has_hard_arithmetic(goal);
  ir::Solver solver(options);
  for (Term assumption : assumptions) {
    if (!compares_memories(assumption)) solver.assume(abstraction.apply(assumption));
  }
  const Term question = abstraction.apply(goal);
  const Answer answer = question.is_true() ? Answer::valid : solver.prove(question);
  queries_ += solver.statistics().queries;
  units_ += solver.statistics().resource_units;
  return answer == Answer::valid;
}

Discharged Discharger::ask_solver(const std::vector<Term>& assumptions, Term goal, std::uint64_t units,
                                  ir::MemoryEncoding encoding) {
  Discharged result;
  if (is_spent()) {
    result.reason = "resource limit of the function";
    return result;
  }
  if (was_proved(assumptions, goal)) {
    result.answer = Answer::valid;
    return result;
  }
  if (encoding == ir::MemoryEncoding::words && mentions_memory(assumptions, goal) && holds_without_memory(assumptions, goal, units)) {
    note_proved(assumptions, goal);
    result.answer = Answer::valid;
    return result;
  }
  const bool hard = has_hard_arithmetic(goal);
  for (const bool abstract_arithmetic : {true, false}) {
    if (abstract_arithmetic && !hard) continue;
    ir::SolverOptions options;
    options.encoding = encoding;
    options.abstract_arithmetic = abstract_arithmetic;
    options.resource_limit = abstract_arithmetic ? units / 4 : units;
    options.seed = limits_.seed;
    options.engine = limits_.engine;
    ir::Solver solver(options);
    for (Term assumption : assumptions) solver.assume(assumption);
    result.answer = solver.prove(goal);
    queries_ += solver.statistics().queries;
    units_ += solver.statistics().resource_units;
    if (result.answer == Answer::valid) {
      note_proved(assumptions, goal);
      return result;
    }
    if (result.answer == Answer::invalid) {
      if (abstract_arithmetic) continue;
      result.model = solver.model();
      return result;
    }
    result.reason = solver.unknown_reason();
  }
  return result;
}

namespace {

std::vector<std::uint32_t> sorted_ids(const std::vector<Term>& terms) {
  std::vector<std::uint32_t> ids;
  for (Term term : terms) ids.push_back(term.id());
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace

bool Discharger::was_proved(const std::vector<Term>& assumptions, Term goal) const {
  const auto found = proved_.find(goal);
  if (found == proved_.end()) return false;
  const std::vector<std::uint32_t> ids = sorted_ids(assumptions);
  return std::any_of(found->second.begin(), found->second.end(), [&](const std::vector<std::uint32_t>& sufficient) {
    return std::includes(ids.begin(), ids.end(), sufficient.begin(), sufficient.end());
  });
}

void Discharger::note_proved(const std::vector<Term>& assumptions, Term goal) { proved_[goal].push_back(sorted_ids(assumptions)); }

bool Discharger::is_impossible(Term guard) {
  const auto [known, added] = impossible_.try_emplace(guard, false);
  if (!added) return known->second;
  const auto about = ir::variables_of(guard);
  if (std::none_of(about.begin(), about.end(), [](Term variable) { return variable.name().starts_with("at@"); })) return false;
  std::vector<Term> assumptions{guard};
  for (const Fact& fact : facts_) {
    if (fact.kind == "visit") assumptions.push_back(ir::implies(fact.path, fact.condition));
  }
  return known->second = holds_without_memory(assumptions, ir::boolean(false), limits_.query_units / glance_divisor);
}

Discharged Discharger::ask(Term guard, Term goal, Term count, Effort effort) {
  const std::vector<Known> known = known_at(guard, count);
  std::vector<Term> everything{guard};
  for (const Known& fact : known) everything.push_back(fact.whole);
  if (was_proved(everything, goal)) return {Answer::valid, false, "", std::nullopt};
  std::vector<Term> assumptions = relevant(known, ir::implies(guard, goal));
  assumptions.insert(assumptions.begin(), guard);
  std::vector<std::uint32_t> question{goal.id()};
  for (Term assumption : assumptions) question.push_back(assumption.id());
  const auto failed = failed_.find(question);
  if (failed != failed_.end() && effort == Effort::search) return {failed->second, false, "", std::nullopt};
  std::vector<Term> few = near(known, ir::implies(guard, goal));
  few.insert(few.begin(), guard);
  Discharged result;
  if (few.size() < assumptions.size()) result = ask_solver(few, goal, limits_.query_units / near_divisor);
  if (result.answer != Answer::valid) result = ask_in_steps(assumptions, goal, effort);
  if (result.answer == Answer::valid) {
    note_proved(assumptions, goal);
  } else if (effort != Effort::one_try) {
    // What one attempt could not decide is not decided.
    failed_.insert_or_assign(std::move(question), result.answer);
  }
  return result;
}

Discharged Discharger::ask_in_steps(const std::vector<Term>& assumptions, Term goal, Effort effort) {
  Discharged direct = ask_solver(assumptions, goal, limits_.query_units / first_try_divisor);
  if (direct.answer != Answer::unknown || effort == Effort::one_try) return direct;
  CaseSplit cases(
      [&](const std::vector<Term>& known, Term question, CaseSplit::Effort wanted) -> CaseAnswer {
        if (wanted == CaseSplit::Effort::glance) {
          const bool holds = holds_without_memory(known, question, limits_.query_units / glance_divisor);
          return {holds ? Answer::valid : Answer::unknown, ""};
        }
        const std::uint64_t divisor = wanted == CaseSplit::Effort::real ? leaf_divisor : first_try_divisor;
        const Discharged answer = ask_solver(known, question, limits_.query_units / divisor);
        return {answer.answer, answer.reason};
      },
      order_, effort == Effort::search ? search_leaves : proof_leaves);
  if (cases.prove(assumptions, goal).answer == Answer::valid) {
    direct.answer = Answer::valid;
    return direct;
  }
  if (effort == Effort::search) return direct;
  direct = ask_solver(assumptions, goal, limits_.query_units);
  return direct.answer == Answer::unknown
             ? ask_solver(assumptions, goal, limits_.query_units, ir::MemoryEncoding::bytes)
             : direct;
}

namespace {

bool has_shortcut(const Obligation& obligation) { return obligation.shortcut && !obligation.shortcut.is_false(); }

}  // namespace

Discharged Discharger::prove(const Obligation& obligation) {
  const Term goal = goal_of(obligation);
  if (goal.is_true()) return {Answer::valid, true, "", std::nullopt};
  if (has_shortcut(obligation) && ask(obligation.guard, obligation.shortcut, obligation.count, Effort::one_try).answer == Answer::valid) {
    return {Answer::valid, false, "", std::nullopt};
  }
  return ask(obligation.guard, goal, obligation.count);
}

Answer Discharger::ask_cheaply(const Obligation& obligation, std::optional<ir::Valuation>* model) {
  const Term goal = goal_of(obligation);
  if (goal.is_true()) return Answer::valid;
  Discharged result = ask(obligation.guard, goal, obligation.count, Effort::search);
  if (model) *model = std::move(result.model);
  return result.answer;
}

std::optional<std::size_t> Discharger::first_failure(const std::vector<Obligation>& list, Discharged* why) {
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::vector<std::size_t>> groups;  // same count and guard
  std::vector<Term> goals(list.size());
  for (std::size_t i = 0; i < list.size(); ++i) {
    goals[i] = goal_of(list[i]);
    ++obligations;
    if (goals[i].is_true()) {
      ++syntactic;
    } else {
      groups[{list[i].count.id(), list[i].guard.id()}].push_back(i);
    }
  }
  std::optional<std::size_t> failed;
  for (const auto& [key, members] : groups) {
    const Term guard = list[members.front()].guard, count = list[members.front()].count;
    if (is_impossible(guard)) continue;
    constexpr std::size_t batch = 8;
    for (std::size_t first = 0; first < members.size(); first += batch) {
      const std::size_t end = std::min(first + batch, members.size());
      if (end - first > 1) {
        std::vector<Term> together;
        for (std::size_t i = first; i < end; ++i) together.push_back(has_shortcut(list[members[i]]) ? list[members[i]].shortcut : goals[members[i]]);
        if (ask(guard, ir::logical_and(together), count, Effort::one_try).answer == Answer::valid) continue;
      }
      for (std::size_t i = first; i < end; ++i) {
        const Term shortcut = list[members[i]].shortcut;
        if (has_shortcut(list[members[i]]) && ask(guard, shortcut, count, Effort::one_try).answer == Answer::valid) continue;
        Discharged single = ask(guard, goals[members[i]], count);
        if (single.answer == Answer::valid) continue;
        if (failed && *failed < members[i]) continue;
        failed = members[i];
        *why = std::move(single);
        break;
      }
      if (failed) return failed;
    }
  }
  return failed;
}

Answer Discharger::reachable(Term condition) {
  ir::SolverOptions options;
  options.resource_limit = limits_.query_units;
  options.seed = limits_.seed;
  options.engine = limits_.engine;
  ir::Solver solver(options);
  for (const Fact& fact : facts_) solver.assume(ir::implies(fact.path, fact.condition));
  const Answer answer = solver.satisfiable(condition);
  queries_ += solver.statistics().queries;
  units_ += solver.statistics().resource_units;
  return answer;
}

}  // namespace validator::check
