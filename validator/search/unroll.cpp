// SPDX-License-Identifier: Apache-2.0
// See unroll.hpp. Inner loops first: the copies of an outer one then hold no loops.
#include "validator/search/unroll.hpp"

#include <algorithm>

#include "validator/check/loops.hpp"

namespace validator::search {

namespace {

constexpr std::size_t node_limit = 20'000;

/// A loop that holds no other loop.
const check::Loop& innermost(const std::vector<check::Loop>& loops) {
  return *std::min_element(loops.begin(), loops.end(),
                           [](const check::Loop& a, const check::Loop& b) { return a.body.size() < b.body.size(); });
}

}  // namespace

bool has_loops(const ir::Graph& graph) { return !check::find_loops(graph).empty(); }

bool unroll(ir::Graph& graph, unsigned iterations) {
  if (ir::loop_headers(graph).irreducible) return false;
  for (;;) {
    const std::vector<check::Loop> loops = check::find_loops(graph);
    if (loops.empty()) return true;
    const check::Loop& loop = innermost(loops);
    if (graph.size() + iterations * loop.body.size() > node_limit) return false;
    for (unsigned copy = 1; copy < iterations; ++copy) check::peel(graph, loop);
    for (ir::Graph::NodeId latch : loop.latches) {
      const auto next = graph.successors(latch);
      for (unsigned index = 0; index < next.size(); ++index) {
        if (next[index] != loop.header) continue;
        const auto behind = graph.add(ir::Unreachable{beyond_bound}, graph.at(latch).where, graph.at(latch).address);
        graph.disconnect(latch, index);
        graph.connect(latch, behind, index);
      }
    }
  }
}

}  // namespace validator::search
