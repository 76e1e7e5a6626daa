// SPDX-License-Identifier: Apache-2.0
#include "validator/app/judge.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "validator/app/refute.hpp"

namespace validator::app {
namespace {

/// The first function whose operands have several allowed orders, among this one and what a proof would inline in it.
/// One of these orders was lifted: a difference from it is no difference from the source.
std::optional<ir::Location> order_left_open(const Loaded& loaded, const std::string& symbol) {
  if (loaded.unordered.empty()) return std::nullopt;
  const auto& functions = loaded.binary.facts.functions;
  std::set<std::string> seen;  // at first the callees that are called on both sides; testing may inline local ones
  if (const auto facts = functions.find(symbol); facts != functions.end()) {
    for (const std::string& callee : facts->second.callees) {
      const auto code = functions.find(callee);
      if (code != functions.end() && !code->second.local && callee != symbol) seen.insert(callee);
    }
  }
  std::vector<std::string> open{symbol};
  while (!open.empty()) {
    const std::string name = std::move(open.back());
    open.pop_back();
    const auto function = loaded.source.functions.find(name);
    if (function == loaded.source.functions.end() || !seen.insert(name).second) continue;
    if (const auto found = loaded.unordered.find(name); found != loaded.unordered.end()) return found->second;
    for (const ir::Graph::NodeId id : ir::reverse_post_order(function->second.graph)) {
      const auto* call = std::get_if<ir::Call>(&function->second.graph.at(id).node);
      if (call != nullptr && !call->symbol.empty()) open.push_back(call->symbol);
    }
  }
  return std::nullopt;
}

/// A run may run the code of callees that a proof, with its `own` ones inside, only calls: is one of them what is
/// wrong? A global one has to be refuted by itself; a local one must at least not be proved by itself. Either way the
/// callee's own row fails the run.
bool is_wrong_through_callee(const Loaded& loaded, const Refuter& refuter, const Limits& limits,
                             const std::vector<std::string>& own) {
  return std::ranges::any_of(refuter.inlined(), [&](const std::string& callee) {
    const bool is_called = std::ranges::find(own, callee) == own.end();
    if (!is_called || !loaded.binary.module.functions.contains(callee) || !loaded.source.functions.contains(callee))
      return false;
    if (!may_refute(loaded, callee)) return prove(problem_of(loaded, callee, limits)).verdict != Verdict::proved;
    Refuter of_callee(loaded, callee, limits, {});
    std::optional<Outcome> found = of_callee.by_testing(first_runs);
    if (!found) found = of_callee.by_all_means();
    return found && found->verdict == Verdict::refuted;
  });
}

}  // namespace

Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits,
              const std::set<std::uint64_t>& inline_both, Aim aim, const std::function<void(const Outcome&)>& found) {
  if (!may_refute(loaded, symbol)) return prove(problem_of(loaded, symbol, limits, inline_both));
  Refuter refuter(loaded, symbol, limits, inline_both);
  std::optional<Outcome> difference = refuter.by_testing(first_runs);
  if (difference && difference->verdict == Verdict::error) return *difference;
  if (aim == Aim::difference) {
    if (!difference) difference = refuter.by_all_means();
    if (!difference) {
      Outcome none;
      none.verdict = Verdict::unknown;
      none.reason = "not-equal";
      return none;
    }
  }
  const std::optional<ir::Location> open_order = order_left_open(loaded, symbol);
  if (difference && !open_order) found(*difference);
  // A refuted function needs no proof attempt, except that the prover must not be able to prove it: that is tested with
  // a small budget, since a false proof is cheap to find when there is one.
  Limits budget = limits;
  if (difference && !open_order) {
    budget.function_units = limits.function_units / 20;
    budget.query_units = std::min(limits.query_units, budget.function_units);
  }
  Problem problem = problem_of(loaded, symbol, budget, inline_both);
  bool searched = difference.has_value();
  problem.is_refuted = [&] {
    if (!searched) difference = refuter.by_all_means();
    searched = true;
    return difference.has_value();
  };
  Outcome outcome = prove(problem);
  if (outcome.verdict != Verdict::proved) problem.is_refuted();
  if (!difference) return outcome;
  if (open_order && outcome.verdict != Verdict::proved) {
    if (outcome.verdict == Verdict::unknown) outcome.reason = "unsequenced";
    outcome.text = fmt::format("{}:{}:{}: operands in an order of the compiler's; from left to right: {}",
                               open_order->file, open_order->line, open_order->column, difference->text);
    return outcome;
  }
  if (outcome.verdict == Verdict::proved) {
    if (is_wrong_through_callee(loaded, refuter, limits, outcome.covers)) return outcome;
    difference->verdict = Verdict::error;
    difference->reason = "proved-and-refuted";
    difference->text = "the prover proves what a replayed run contradicts: " + difference->text;
  }
  difference->queries = outcome.queries;
  difference->solver_units = outcome.solver_units;
  difference->obligations = outcome.obligations;
  difference->syntactic = outcome.syntactic;
  difference->seconds = outcome.seconds;
  return *difference;
}

}  // namespace validator::app
