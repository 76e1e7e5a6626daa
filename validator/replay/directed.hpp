// SPDX-License-Identifier: Apache-2.0
// States that a solver makes out of one that has been run: one that takes a branch which no run has taken, or one on
// the same path of the source for which the two halves do something else. Suggestions only: the run decides. Private to
// this folder.
#pragma once

#include <cstdint>
#include <deque>
#include <optional>
#include <unordered_map>

#include "ir/smt.hpp"
#include "validator/replay/compare.hpp"
#include "validator/replay/coverage.hpp"
#include "validator/replay/path.hpp"

namespace validator::replay {

class Directed {
 public:
  Directed(const ir::Function& source, const ir::Function& binary, Callees& callees, const Coverage& coverage,
           std::uint64_t units)
      : source_(source), binary_(binary), callees_(callees), coverage_(coverage), units_left_(units) {}

  /// A state as it was run, and what came of it.
  void expand(const EntryState& entry, const Environment& environment, const Comparison& comparison);
  std::optional<Guess> next();

 private:
  struct Query;
  void ask_for_differences(const Path& source, const Path& binary, Query& query);
  void ask_for_branches(const Path& path, Query& query);

  const ir::Function& source_;
  const ir::Function& binary_;
  Callees& callees_;
  const Coverage& coverage_;
  std::uint64_t units_left_;
  std::unordered_map<ir::Term, unsigned> asked_;  ///< goals, over all paths
  std::unordered_map<const ir::Function*, std::unordered_map<ir::Graph::NodeId, unsigned>> aimed_at_;
  std::deque<Guess> queue_;
};

}  // namespace validator::replay
