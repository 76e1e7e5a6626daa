// SPDX-License-Identifier: Apache-2.0
// See variants.hpp.
#include "validator/search/variants.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "validator/search/trip_count.hpp"

namespace validator::search {

using check::Loop;
using ir::Graph;
using NodeId = Graph::NodeId;

namespace {

constexpr unsigned trip_limit = 64;
constexpr std::size_t variant_limit = 16, node_limit = 30'000;
constexpr double loop_cost = 1, node_cost = 0.002;

struct Growing : Variant {
  std::set<std::pair<bool, NodeId>> copied;
};

/// The variants that copy out one loop more.
std::vector<Growing> grown(const Growing& from) {
  std::vector<Growing> result;
  for (bool binary : {false, true}) {
    const ir::Function& function = binary ? from.pair.binary : from.pair.source;
    const std::vector<Loop> loops = live_loops(function.graph);
    for (const auto& [header, count] : constant_trip_counts(function.graph, loops, trip_limit)) {
      const auto loop =
          std::find_if(loops.begin(), loops.end(), [&](const Loop& other) { return other.header == header; });
      const std::size_t nodes = loop->body.size() * count;
      if (function.graph.size() + nodes > node_limit) continue;
      Growing next = from;
      next.copied.emplace(binary, header);
      next.cost += loop_cost + node_cost * static_cast<double>(nodes);
      Graph& graph = binary ? next.pair.binary.graph : next.pair.source.graph;
      next.reshapes.push_back({check::Reshape::Kind::peel, binary, header, count});
      if (!check::reshape(graph, next.reshapes.back())) continue;
      next.text += fmt::format("{}{} copied out {} times", next.text.empty() ? "" : ", ",
                               binary ? fmt::format("0x{:x}", graph.at(header).address)
                                      : fmt::format("line {}", graph.at(header).where.line),
                               count);
      result.push_back(std::move(next));
    }
  }
  return result;
}

}  // namespace

std::vector<Variant> variants_of(const Pair& pair) {
  std::vector<Growing> open{{{pair, {}, 0, ""}, {}}};
  std::set<std::set<std::pair<bool, NodeId>>> seen;
  std::vector<Variant> result;
  while (!open.empty() && result.size() < variant_limit) {
    const auto cheapest =
        std::min_element(open.begin(), open.end(), [](const Growing& a, const Growing& b) { return a.cost < b.cost; });
    Growing now = std::move(*cheapest);
    open.erase(cheapest);
    for (Growing& next : grown(now)) {
      if (seen.insert(next.copied).second) open.push_back(std::move(next));
    }
    result.push_back(std::move(now));
  }
  return result;
}

}  // namespace validator::search
