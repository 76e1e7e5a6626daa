// SPDX-License-Identifier: Apache-2.0
// The outcome for one function. Only `proved` counts as proved; every other verdict carries a reason code
// (`validate-kernel explain CODE`) and a text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace validator {

enum class Verdict : std::uint8_t { proved, refuted, unknown, unsupported, error, not_run, assumed, inlined };

std::string_view verdict_name(Verdict verdict);

/// One ledger assumption that a verdict depends on, e.g. {"A-UB", "ub-align x3"}.
struct Assumption {
  std::string id;
  std::string scope;
  friend auto operator<=>(const Assumption&, const Assumption&) = default;
};

/// What the prover says about one pair of graphs.
struct Outcome {
  Verdict verdict = Verdict::not_run;
  std::string reason;       ///< stable code, empty for proved
  std::string text;         ///< one line for people: what diverges first, which limit was hit
  std::vector<std::string> details;  ///< counterexample values, open obligations: lines for `show`
  std::vector<Assumption> assumptions;
  std::string contract;     ///< non-trivial internal contract; empty: the AAPCS64 one
  std::vector<std::string> covers;  ///< binary fragments and callees whose code was proved as part of this function
  std::vector<std::string> inlined_sources;  ///< source callees that were inlined
  std::vector<std::string> uses;    ///< what the proof asked of its surroundings (check/evidence.hpp), for the cache
  /// Text: of proved functions the certificate, for `recheck` and the cache; of refuted ones the counterexample; of others the attempt
  /// that failed (or nothing), for reports only.
  std::string certificate;
  std::uint64_t queries = 0;
  std::uint64_t solver_units = 0;
  std::uint64_t obligations = 0;
  std::uint64_t syntactic = 0;  ///< obligations closed without a solver
  double seconds = 0;           ///< wall time; reported only under "timing"
};

}  // namespace validator
