// SPDX-License-Identifier: Apache-2.0
// See loops.hpp.
#include "validator/check/loops.hpp"

#include <algorithm>
#include <map>

namespace validator::check {

using ir::Graph;
using NodeId = Graph::NodeId;

namespace {

/// Nodes of the body that can be reached from `from` inside the loop without passing `barrier` (excluded).
std::set<NodeId> reachable_within(const Graph& graph, const Loop& loop, NodeId from, NodeId barrier) {
  std::set<NodeId> seen;
  std::vector<NodeId> work{from};
  while (!work.empty()) {
    const NodeId at = work.back();
    work.pop_back();
    if (at == barrier || !loop.body.contains(at) || !seen.insert(at).second) continue;
    for (NodeId next : graph.successors(at)) {
      if (next != Graph::none && next != loop.header) work.push_back(next);
    }
  }
  return seen;
}

/// Copies nodes with all their edges; edges inside the set go to the copies, except edges to `kept`.
std::map<NodeId, NodeId> duplicate(Graph& graph, const std::set<NodeId>& nodes, NodeId kept) {
  std::map<NodeId, NodeId> copy;
  for (NodeId node : nodes) {
    const ir::NodeData data = graph.at(node);
    copy.emplace(node, graph.add(data.node, data.where, data.address));
  }
  for (NodeId node : nodes) {
    const auto next = graph.successors(node);
    for (unsigned index = 0; index < next.size(); ++index) {
      if (next[index] == Graph::none) continue;
      const auto inside = next[index] == kept ? copy.end() : copy.find(next[index]);
      graph.connect(copy.at(node), inside == copy.end() ? next[index] : inside->second, index);
    }
  }
  return copy;
}

void redirect_entries(Graph& graph, const std::set<NodeId>& body, NodeId from, NodeId to,
                      const std::map<NodeId, NodeId>& copies) {
  std::set<NodeId> own;
  for (const auto& [original, copy] : copies) own.insert(copy);
  for (NodeId before : graph.predecessors(from)) {
    if (body.contains(before) || own.contains(before)) continue;
    const auto next = graph.successors(before);
    for (unsigned index = 0; index < next.size(); ++index) {
      if (next[index] != from) continue;
      graph.disconnect(before, index);
      graph.connect(before, to, index);
    }
  }
  if (graph.entry() == from) graph.set_entry(to);
}

}  // namespace

std::vector<Loop> find_loops(const Graph& graph) {
  const auto order = ir::reverse_post_order(graph);
  std::vector<std::size_t> position(graph.size(), order.size());
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;
  std::vector<Loop> loops;
  for (NodeId header : order) {
    Loop loop;
    loop.header = header;
    for (NodeId before : graph.predecessors(header)) {
      if (position[before] < order.size() && position[before] >= position[header]) loop.latches.insert(before);
    }
    if (loop.latches.empty()) continue;
    loop.body.insert(header);
    std::vector<NodeId> work(loop.latches.begin(), loop.latches.end());
    while (!work.empty()) {
      const NodeId at = work.back();
      work.pop_back();
      if (!loop.body.insert(at).second) continue;
      for (NodeId before : graph.predecessors(at)) {
        if (position[before] < order.size()) work.push_back(before);
      }
    }
    loops.push_back(std::move(loop));
  }
  return loops;
}

std::vector<NodeId> rotation_points(const Graph& graph, const Loop& loop) {
  std::vector<NodeId> points{loop.header};
  const auto order = ir::reverse_post_order(graph);
  for (NodeId node : order) {
    if (!loop.body.contains(node) || !std::holds_alternative<ir::Cond>(graph.at(node).node)) continue;
    const auto next = graph.successors(node);
    const bool first_inside = loop.body.contains(next[0]), second_inside = loop.body.contains(next[1]);
    if (first_inside == second_inside) continue;
    const NodeId start = first_inside ? next[0] : next[1];
    if (start == loop.header || std::find(points.begin(), points.end(), start) != points.end()) continue;
    const std::set<NodeId> stretch = reachable_within(graph, loop, loop.header, start);
    const bool passes_every_iteration =
        std::none_of(loop.latches.begin(), loop.latches.end(), [&](NodeId latch) { return stretch.contains(latch); });
    if (passes_every_iteration) points.push_back(start);
  }
  return points;
}

void rotate(Graph& graph, const Loop& loop, NodeId start) {
  if (start == loop.header) return;
  const std::set<NodeId> stretch = reachable_within(graph, loop, loop.header, start);
  const auto copies = duplicate(graph, stretch, Graph::none);
  redirect_entries(graph, loop.body, loop.header, copies.at(loop.header), copies);
}

NodeId peel(Graph& graph, const Loop& loop) {
  const auto copies = duplicate(graph, loop.body, loop.header);
  redirect_entries(graph, loop.body, loop.header, copies.at(loop.header), copies);
  return copies.at(loop.header);
}

void unroll(Graph& graph, const Loop& loop, unsigned times) {
  std::vector<std::map<NodeId, NodeId>> copies;
  for (unsigned i = 1; i < times; ++i) copies.push_back(duplicate(graph, loop.body, loop.header));
  auto go_on = [&](NodeId latch, NodeId next_iteration) {
    const auto next = graph.successors(latch);
    for (unsigned index = 0; index < next.size(); ++index) {
      if (next[index] != loop.header) continue;
      graph.disconnect(latch, index);
      graph.connect(latch, next_iteration, index);
    }
  };
  for (NodeId latch : loop.latches) {
    NodeId at = latch;
    for (const auto& copy : copies) {
      go_on(at, copy.at(loop.header));
      at = copy.at(latch);
    }
  }
}

}  // namespace validator::check
