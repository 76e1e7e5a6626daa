// SPDX-License-Identifier: Apache-2.0
#include "validator/check/reshape.hpp"

#include <algorithm>

namespace validator::check {
namespace {

constexpr std::size_t node_limit = 100'000, times_limit = 256;

}  // namespace

bool reshape(ir::Graph& graph, const Reshape& how) {
  const std::vector<Loop> loops = find_loops(graph);
  const auto loop =
      std::find_if(loops.begin(), loops.end(), [&](const Loop& other) { return other.header == how.header; });
  if (loop == loops.end()) return false;
  if (how.kind == Reshape::Kind::rotate) {
    if (!loop->body.contains(how.number)) return false;
    rotate(graph, *loop, how.number);
    return true;
  }
  if (how.number == 0 || how.number > times_limit || graph.size() + loop->body.size() * how.number > node_limit)
    return false;
  if (how.kind == Reshape::Kind::unroll) {
    unroll(graph, *loop, static_cast<unsigned>(how.number));
    return true;
  }
  for (ir::Graph::NodeId copy = 0; copy < how.number; ++copy) peel(graph, *loop);
  return true;
}

}  // namespace validator::check
