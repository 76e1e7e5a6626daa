// SPDX-License-Identifier: Apache-2.0
// What a loop looks like to one who wants to recognise it on the other side: what happens in an iteration, in order.
// Calls and effects survive every compiler, exit tests and stores mostly, loads often not.
#pragma once

#include <string>
#include <vector>

#include "validator/check/loops.hpp"
#include "validator/search/inlining.hpp"

namespace validator::search {

/// One thing that an iteration does. Equal texts can be the same thing.
struct Step {
  std::string text;
  double weight = 0;  ///< how much a missing partner counts
};

class LoopShapes {
 public:
  LoopShapes(const ir::Function& function, const check::Evidence& evidence);

  const std::vector<check::Loop>& loops() const { return loops_; }
  /// The steps of an iteration that begins at a node of the loop.
  std::vector<Step> steps(std::size_t loop, ir::Graph::NodeId start) const;
  /// Is loop `inner` part of loop `outer`?
  bool inside(std::size_t inner, std::size_t outer) const;
  /// Can the second be reached after the first, other than by going round a loop that has both?
  bool before(std::size_t first, std::size_t second) const;

 private:
  const ir::Function& function_;
  const check::Evidence& evidence_;
  std::vector<check::Loop> loops_;
  std::vector<ir::Graph::NodeId> order_;
  std::vector<std::vector<bool>> before_;
};

/// The weights of what one sequence has and the other lacks, order kept.
double distance(const std::vector<Step>& left, const std::vector<Step>& right);

}  // namespace validator::search
