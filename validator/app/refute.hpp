// SPDX-License-Identifier: Apache-2.0
// From "may be wrong" to `refuted`: where counterexamples come from, and what one has to pass. Random runs find most
// wrong functions in milliseconds; the solver's models reach the branches that chance does not. Either way only a run
// in both graphs that an independent emulator confirms refutes.
#pragma once

#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/app/callers.hpp"
#include "validator/app/test_pair.hpp"
#include "validator/replay/counterexample.hpp"

namespace validator::app {

class Refuter {
 public:
  Refuter(const Loaded& loaded, const std::string& symbol, const Limits& limits, std::set<std::uint64_t> inline_both);

  /// Each gives `refuted`, or `error` when the emulator contradicts our own model of the binary, or nothing.
  std::optional<Outcome> by_testing(std::uint64_t runs);
  std::optional<Outcome> by_models();
  /// The thorough search, for functions that are not proved.
  std::optional<Outcome> by_all_means();
  /// What the runs so far ended in, for people.
  const replay::SearchStatistics& statistics() const { return statistics_; }
  /// Callees whose own code stands in the pair that the last runs ran, by symbol.
  std::vector<std::string> inlined() const;

 private:
  std::optional<Outcome> search(const replay::SearchOptions& options);
  std::optional<Outcome> try_models_of(const TestPair& asked);
  std::unique_ptr<const TestPair> deep_pair() const;
  bool inline_doubtful(replay::Counterexample& found);
  std::optional<Outcome> settle(replay::Counterexample found);

  const Loaded& loaded_;
  const std::string symbol_;
  const Limits limits_;
  std::set<std::uint64_t> inline_both_;
  std::shared_ptr<const TestPair> pair_;
  replay::SearchStatistics statistics_;
  bool hopeless_ = false;  ///< what differs depends on a callee that cannot be inlined
};

/// All of the above for one function; when nothing is found, again with the local functions that it reaches inlined in
/// both halves. A local function is looked for in its callers.
std::optional<Outcome> find_counterexample(const Loaded& loaded, const std::string& symbol, const Limits& limits,
                                           replay::SearchStatistics* statistics = nullptr);

/// Enough for most wrong functions, and little beside the proof of a right one.
inline constexpr std::uint64_t first_runs = 200;

}  // namespace validator::app
