// SPDX-License-Identifier: Apache-2.0
#include "validator/app/judge.hpp"

#include <fmt/format.h>

#include <sstream>

#include "validator/check/surroundings.hpp"

namespace validator::app {
namespace {

constexpr unsigned last_temporary = 17;  // X18 is the platform register

/// General registers that a call of the function certainly leaves alone although AAPCS64 6.1.1 lets it change
/// them, as bits: over-approximated from the words of the function and of all its callees.
std::uint32_t preserved_registers(const binary::LiftedImage& image, const std::string& key) {
  const auto facts = image.facts.functions.find(key);
  if (facts == image.facts.functions.end() || facts->second.unknown_calls || image.module.failed.contains(key)) return 0;
  std::uint32_t bits = 0;
  for (unsigned i = 0; i <= last_temporary; ++i) {
    if (!facts->second.clobbers.contains(i)) bits |= 1U << i;
  }
  return bits;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// A difference that stands after replay. Nothing when testing found none, or none that can be confirmed.
std::optional<Outcome> refute(const Loaded& loaded, const std::string& symbol) {
  const replay::SearchProblem problem = search_problem_of(loaded, symbol);
  const std::optional<replay::Counterexample> found = replay::search_random(problem, {});
  if (!found) return std::nullopt;
  const replay::Counterexample simple = replay::simplify(problem, *found);
  const replay::Confirmation confirmation = replay::confirm(problem, simple);
  Outcome outcome;
  outcome.details = lines_of(confirmation.text);
  using Status = replay::Confirmation::Status;
  if (confirmation.status == Status::confirmed) {
    outcome.verdict = Verdict::refuted;
    outcome.reason = replay::difference_name(simple.difference.kind);
    outcome.text = simple.difference.text;
    outcome.certificate = replay::to_json(simple);
    return outcome;
  }
  if (confirmation.status == Status::model_disagrees) {
    outcome.verdict = Verdict::error;
    outcome.reason = "model-disagrees";
    outcome.text = "the emulator and the binary's graph part on one run";
    return outcome;
  }
  return std::nullopt;
}

}  // namespace

Problem problem_of(const Loaded& loaded, const std::string& symbol, const Limits& limits, std::set<std::uint64_t> inline_both) {
  const auto preserved = [&loaded](std::uint64_t callee) {
    std::set<std::string> registers;
    const auto key = loaded.binary.facts.at.find(callee);
    if (key == loaded.binary.facts.at.end()) return registers;
    const std::uint32_t bits = preserved_registers(loaded.binary, key->second);
    for (unsigned i = 0; i <= last_temporary; ++i) {
      if ((bits >> i & 1) != 0) registers.insert(fmt::format("X{}", i));
    }
    return registers;
  };
  return {loaded.source, loaded.binary.module, loaded.image, symbol, limits, preserved, std::move(inline_both), loaded.x18_reserved};
}

replay::SearchProblem search_problem_of(const Loaded& loaded, const std::string& symbol) {
  replay::SearchProblem problem{loaded.source.functions.at(symbol), loaded.binary.module.functions.at(symbol), &loaded.source,
                                &loaded.image};
  problem.x18_reserved = loaded.x18_reserved;
  const auto facts = loaded.binary.facts.functions.find(symbol);
  if (facts == loaded.binary.facts.functions.end()) return problem;
  // The contracts that the prover relies on: a run that breaks one refutes nothing.
  const Problem proof = problem_of(loaded, symbol, {});
  const check::Surroundings around(proof);
  for (const std::string& callee : facts->second.callees) {
    const auto code = loaded.binary.facts.functions.find(callee);
    if (code == loaded.binary.facts.functions.end()) continue;
    replay::CalleeContract& contract = problem.callees[callee];
    contract.preserved = preserved_registers(loaded.binary, callee);
    contract.writes_memory = !around.writes_no_memory(code->second.address);
  }
  return problem;
}

bool may_refute(const Loaded& loaded, const std::string& symbol) {
  const auto facts = loaded.binary.facts.functions.find(symbol);
  return facts != loaded.binary.facts.functions.end() && (!facts->second.local || facts->second.address_taken);
}

Outcome judge(const Loaded& loaded, const std::string& symbol, const Limits& limits, const std::set<std::uint64_t>& inline_both) {
  std::optional<Outcome> difference = may_refute(loaded, symbol) ? refute(loaded, symbol) : std::nullopt;
  if (difference && difference->verdict == Verdict::error) return *difference;
  // A refuted function needs no proof attempt, except that the prover must not be able to prove it: that is tested with a
  // small budget, since a false proof is cheap to find when there is one.
  Limits budget = limits;
  if (difference) budget.function_units = limits.function_units / 20;
  Outcome outcome = prove(problem_of(loaded, symbol, budget, inline_both));
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
