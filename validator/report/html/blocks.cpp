// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/blocks.hpp"

#include <algorithm>

namespace validator::report::html {

using ir::Graph;

Blocks blocks_of(const Graph& graph) {
  Blocks result;
  result.block_of.assign(graph.size(), Blocks::none);
  if (graph.entry() == Graph::none) return result;
  const std::vector<Graph::NodeId> order = ir::reverse_post_order(graph);
  std::vector<unsigned> arrivals(graph.size(), 0);
  std::vector<std::size_t> position(graph.size(), 0);
  for (std::size_t i = 0; i < order.size(); ++i) {
    position[order[i]] = i;
    for (const Graph::NodeId next : graph.successors(order[i])) {
      if (next != Graph::none) ++arrivals[next];
    }
  }
  const auto begins = [&](Graph::NodeId node) { return node == graph.entry() || arrivals[node] != 1; };
  const auto start = [&](Graph::NodeId node) {
    const std::size_t block = result.nodes.size();
    result.nodes.emplace_back();
    for (Graph::NodeId at = node;;) {
      result.block_of[at] = block;
      result.nodes[block].push_back(at);
      const std::vector<Graph::NodeId> next = graph.successors(at);
      if (next.size() != 1 || next[0] == Graph::none || begins(next[0]) || result.block_of[next[0]] != Blocks::none)
        return;
      at = next[0];
    }
  };
  // In reverse post-order a node without a block begins one: what runs straight into it has been followed already.
  for (const Graph::NodeId node : order) {
    if (result.block_of[node] == Blocks::none) start(node);
  }
  for (std::size_t block = 0; block < result.nodes.size(); ++block) {
    const Graph::NodeId last = result.nodes[block].back();
    const std::vector<Graph::NodeId> next = graph.successors(last);
    for (std::size_t i = 0; i < next.size(); ++i) {
      if (next[i] == Graph::none) continue;
      const bool back = position[next[i]] <= position[last];
      result.edges.push_back({block, result.block_of[next[i]], next.size() == 2 ? static_cast<int>(i) : -1, back});
      if (back) result.loop_heads.push_back(result.block_of[next[i]]);
    }
  }
  std::sort(result.loop_heads.begin(), result.loop_heads.end());
  result.loop_heads.erase(std::unique(result.loop_heads.begin(), result.loop_heads.end()), result.loop_heads.end());
  return result;
}

}  // namespace validator::report::html
