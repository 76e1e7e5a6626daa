// SPDX-License-Identifier: Apache-2.0
// Graphs as people draw them: straight runs of nodes are one block. What is drawn, linked and laid out are blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "ir/graph.hpp"

namespace validator::report::html {

struct BlockEdge {
  std::size_t from = 0;
  std::size_t to = 0;
  int label = -1;     ///< 0: the condition holds, 1: it does not, -1: no condition
  bool back = false;  ///< leads to a block that comes before it
};

struct Blocks {
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  std::vector<std::vector<ir::Graph::NodeId>> nodes;  ///< by block, in order; block 0 is the entry
  std::vector<BlockEdge> edges;
  std::vector<std::size_t> block_of;  ///< by node; none: cannot be reached
  std::vector<std::size_t> loop_heads;
};

Blocks blocks_of(const ir::Graph& graph);

}  // namespace validator::report::html
