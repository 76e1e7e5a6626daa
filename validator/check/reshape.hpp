// SPDX-License-Identifier: Apache-2.0
// How a loop is brought into another shape, as data: a certificate says it, and search and recheck do it alike. Each
// way only copies nodes with all their edges (loops.hpp), so the set of runs stays, whatever is asked for.
#pragma once

#include "validator/check/loops.hpp"

namespace validator::check {

struct Reshape {
  enum class Kind : std::uint8_t {
    peel,    ///< `number` iterations run in copies before the loop
    rotate,  ///< an iteration begins at the node `number`
    unroll,  ///< one way round is `number` iterations
  };
  Kind kind = Kind::peel;
  bool binary = false;  ///< which half
  ir::Graph::NodeId header = 0;
  ir::Graph::NodeId number = 0;
  friend auto operator<=>(const Reshape&, const Reshape&) = default;
};

/// False, with the graph as it was: no loop begins there, it cannot be rotated so, or the graph would grow too large.
bool reshape(ir::Graph& graph, const Reshape& how);

}  // namespace validator::check
