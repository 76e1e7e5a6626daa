// SPDX-License-Identifier: Apache-2.0
// Finds meetings: what the binary knows where its paths join, as terms of the source. Concrete states tell what could
// be equal; the checker's own obligation decides. It is to functions what sweeping of internal equivalences is to
// circuits (Kuehlmann, Krohm: Equivalence Checking Using Cuts and Heaps, DAC 1997).
#pragma once

#include <map>
#include <optional>
#include <vector>

#include "validator/check/binary_run.hpp"
#include "validator/check/discharge.hpp"
#include "validator/search/simulation.hpp"

namespace validator::search {

class Meetings {
 public:
  explicit Meetings(check::Discharger& discharger)
      : discharger_(discharger), units_at_start_(discharger.solver_units()) {}

  /// What holds at a join of the binary, tested.
  check::Meeting find(const check::SourceRun& source, const check::BinaryRun& binary, ir::Graph::NodeId node,
                      check::State state);
  /// The source has been run anew.
  void restart() {
    source_.reset();
    bottleneck_.reset();
  }
  /// A place that every path passes, where both halves know the same: a cut there makes everything behind it simple, so
  /// that nothing behind it was looked at.
  const std::optional<check::Cut>& bottleneck() const { return bottleneck_; }

 private:
  /// Distinct terms of the source, with a place where each is found.
  struct Source {
    explicit Source(const check::SourceRun& run);
    Simulation simulation;
    std::vector<std::pair<ir::Term, ir::Graph::NodeId>> paths;
    std::vector<std::pair<check::Point, ir::Graph::NodeId>> memories;
    std::vector<std::pair<check::Point, ir::Graph::NodeId>> points;  ///< all of them, in reverse post-order
    std::vector<std::pair<ir::Term, check::SourceValue>> values;
  };
  void note_bottleneck(const check::SourceRun& source, const check::BinaryRun& binary, ir::Graph::NodeId node,
                       const check::State& state);
  bool holds(const check::SourceRun& source, const check::BinaryRun& binary, const check::Obligation& obligation);

  check::Discharger& discharger_;
  std::uint64_t units_at_start_;
  std::optional<Source> source_;
  std::map<std::vector<std::uint32_t>, bool> answers_;
  std::optional<check::Cut> bottleneck_;
};

}  // namespace validator::search
