// SPDX-License-Identifier: Apache-2.0
#include "validator/app/judge.hpp"

#include <optional>

#include "validator/app/refute.hpp"

namespace validator::app {

Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits, const std::set<std::uint64_t>& inline_both) {
  if (!may_refute(loaded, symbol)) return prove(problem_of(loaded, symbol, limits, inline_both));
  Refuter refuter(loaded, symbol, limits, inline_both);
  std::optional<Outcome> difference = refuter.by_testing(first_runs);
  if (difference && difference->verdict == Verdict::error) return *difference;
  // A refuted function needs no proof attempt, except that the prover must not be able to prove it: that is tested with a
  // small budget, since a false proof is cheap to find when there is one.
  Limits budget = limits;
  if (difference) budget.function_units = limits.function_units / 20;
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
  if (outcome.verdict == Verdict::proved) {
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
