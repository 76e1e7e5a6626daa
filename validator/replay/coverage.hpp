// SPDX-License-Identifier: Apache-2.0
// Which nodes runs have passed, and how often: what a search has not seen before is worth starting from again (the idea
// of coverage-guided fuzzing; Zalewski, "american fuzzy lop", technical notes). Private to this folder.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "validator/replay/run.hpp"

namespace validator::replay {

class Coverage {
 public:
  /// Of one program; stays valid.
  class Counts {
   public:
    void pass(ir::Graph::NodeId node) {
      if (now_[node] == 0) passed_.push_back(node);
      if (now_[node] != 255) ++now_[node];
    }

   private:
    friend class Coverage;
    std::vector<std::uint8_t> now_;
    std::vector<ir::Graph::NodeId> passed_;
    std::vector<std::uint8_t> seen_[2];  ///< orders of magnitude, one bit each: in runs that agreed, in others
  };

  Counts& of(const ir::Function& function);
  /// Ends one comparison. True: it passed a node, or passed it more often by an order of magnitude, as none has before.
  /// What only a run that shows nothing has seen is new again to one that agrees.
  bool is_new(bool agreed);
  /// Did a run that agreed pass the node?
  bool has_seen(const ir::Function& function, ir::Graph::NodeId node) const {
    const auto counts = counts_.find(&function);
    return counts != counts_.end() && counts->second.seen_[0][node] != 0;
  }

 private:
  std::unordered_map<const ir::Function*, Counts> counts_;
};

}  // namespace validator::replay
