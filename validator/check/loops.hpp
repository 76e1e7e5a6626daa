// SPDX-License-Identifier: Apache-2.0
// Natural loops of a graph, and the graph transformations that bring two loops into the same shape. The
// transformations only duplicate nodes, so they keep the set of runs; the checker applies them itself.
#pragma once

#include <set>
#include <vector>

#include "ir/function.hpp"

namespace validator::check {

struct Loop {
  ir::Graph::NodeId header = 0;
  std::set<ir::Graph::NodeId> body;     ///< with the header
  std::set<ir::Graph::NodeId> latches;  ///< sources of back edges
};

/// In reverse post-order of the headers. Irreducible graphs have no loops here: test ir::loop_headers first.
std::vector<Loop> find_loops(const ir::Graph& graph);

/// Nodes of the loop where it could start instead of its header: every iteration passes them, and they follow
/// an exit test. The header comes first; then in the order in which an iteration meets them.
std::vector<ir::Graph::NodeId> rotation_points(const ir::Graph& graph, const Loop& loop);

/// Makes `start` (a rotation point) the loop's header: what runs from the header to it is duplicated for the entry.
void rotate(ir::Graph& graph, const Loop& loop, ir::Graph::NodeId start);

/// Runs the first iteration in a copy of the body. Returns the copy of the header; the loop itself keeps its nodes.
ir::Graph::NodeId peel(ir::Graph& graph, const Loop& loop);

/// Makes one way round the loop `times` iterations, each in its own copy of the body. The header keeps its node.
void unroll(ir::Graph& graph, const Loop& loop, unsigned times);

}  // namespace validator::check
