// SPDX-License-Identifier: Apache-2.0
// See prove.hpp: tries pairings and inlining choices until one is proved, and reports the best failure.
#include "validator/prove.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "validator/check/certificate_text.hpp"
#include "validator/check/conclude.hpp"
#include "validator/search/alignment_proof.hpp"

namespace validator {

using check::Unprovable;
using search::Session;

namespace {

constexpr std::size_t alignment_limit = 24;
/// Looking for a counterexample costs about as much as an attempt, and the second one is often the right one.
constexpr unsigned failures_before_doubt = 2;

struct Attempt {
  Outcome outcome;
  bool proved = false;
  std::optional<std::size_t> failed_entry;  ///< the cut whose loop the source does not enter when the binary does
};

Attempt attempt(const search::Alignment& alignment, const check::Evidence& evidence, const Limits& limits, check::SavedProof saved) {
  check::Discharger discharger(limits);
  Session session;
  Attempt result;
  const search::Proof proof = search::prove_alignment(alignment, evidence, discharger, session);
  if (proof.open && proof.open->kind.starts_with("loop-entry ")) {
    const std::size_t cut = std::stoul(proof.open->kind.substr(11));
    if (cut < alignment.certificate.cuts.size()) result.failed_entry = cut;  // else one without a loop
  }
  result.outcome = check::conclude(alignment.pair, *session.certificate, *session.source, *session.binary, proof.open, proof.why,
                                   evidence, discharger);
  result.proved = result.outcome.verdict == Verdict::proved;
  saved.reshapes = alignment.reshapes;
  saved.certificate = *session.certificate;
  result.outcome.certificate = check::print(saved);
  if (!result.proved && !alignment.text.empty()) {
    result.outcome.details.push_back("loops: " + alignment.text);
  }
  return result;
}

Outcome prove_pair(const Problem& problem, const check::Evidence& evidence) {
  Outcome best;
  std::uint64_t queries = 0, units = 0;
  unsigned failed = 0;
  auto try_pair = [&](const search::Pair& pair, const std::set<std::uint64_t>& inlined) {
    search::Alignments alignments(pair, evidence);
    for (std::size_t tried = 0; tried < alignment_limit; ++tried) {
      const std::optional<search::Alignment> alignment = alignments.next();
      if (!alignment) break;
      Attempt now;
      try {
        now = attempt(*alignment, evidence, problem.limits, {problem.symbol, inlined, {}, {}});
      } catch (const Unprovable& failure) {
        now.outcome.verdict = failure.verdict;
        now.outcome.reason = failure.code;
        now.outcome.text = failure.what();
      }
      if (now.failed_entry) alignments.entry_failed(*now.failed_entry);
      queries += now.outcome.queries;
      units += now.outcome.solver_units;
      if (now.proved || best.verdict == Verdict::not_run) best = std::move(now.outcome);
      if (best.verdict == Verdict::proved || units > problem.limits.function_units) return true;
      if (!now.failed_entry && ++failed == failures_before_doubt && problem.is_refuted && problem.is_refuted()) return true;
    }
    return false;
  };
  const search::Pair plain = check::inline_calls(evidence, problem.symbol, problem.inline_both);
  if (!try_pair(plain, problem.inline_both)) {
    std::set<std::uint64_t> both = search::partly_inlined(plain, evidence);
    both.insert(problem.inline_both.begin(), problem.inline_both.end());
    try {
      if (both != problem.inline_both) try_pair(check::inline_calls(evidence, problem.symbol, both), both);
    } catch (const Unprovable&) {
      // The first way to inline says more about the function.
    }
  }
  best.queries = queries;
  best.solver_units = units;
  return best;
}

}  // namespace

Outcome prove(const Problem& problem) {
  const auto start = std::chrono::steady_clock::now();
  const check::Surroundings around(problem);
  const check::Evidence evidence(around);
  Outcome outcome;
  try {
    outcome = prove_pair(problem, evidence);
  } catch (const Unprovable& failure) {
    outcome.verdict = failure.verdict;
    outcome.reason = failure.code;
    outcome.text = failure.what();
  }
  outcome.uses.assign(evidence.questions().begin(), evidence.questions().end());
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  return outcome;
}

}  // namespace validator
