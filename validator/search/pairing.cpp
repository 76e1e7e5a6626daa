// SPDX-License-Identifier: Apache-2.0
// See pairing.hpp.
#include "validator/search/pairing.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "validator/check/loops.hpp"

namespace validator::search {

using check::Loop;
using check::Unprovable;
using ir::Graph;

namespace {

/// How often an unpaired source loop (constant trip count, fully unrolled by the compiler) is copied out.
constexpr std::array<unsigned, 2> unroll_counts{8, 64};

void require_reducible(const ir::Function& function, const char* side) {
  if (ir::loop_headers(function.graph).irreducible) {
    throw Unprovable(Verdict::unsupported, "irreducible", fmt::format("the {} graph is irreducible", side));
  }
}

/// For each binary loop the index of a source loop, in order: all ways to choose them, most plausible first.
std::vector<std::vector<std::size_t>> choices(std::size_t sources, std::size_t binaries, std::size_t limit) {
  std::vector<std::vector<std::size_t>> result;
  std::vector<std::size_t> chosen;
  auto choose = [&](auto&& self, std::size_t from) -> void {
    if (result.size() >= limit) return;
    if (chosen.size() == binaries) {
      result.push_back(chosen);
      return;
    }
    for (std::size_t i = from; i + (binaries - chosen.size()) <= sources; ++i) {
      chosen.push_back(i);
      self(self, i + 1);
      chosen.pop_back();
    }
  };
  choose(choose, 0);
  return result;
}

/// How a source loop is brought into the shape of its partner.
struct Shape {
  Graph::NodeId start = 0;  ///< where an iteration begins
  unsigned peeled = 0;      ///< iterations that run before the loop proper
};

/// A rotation is most plausible when what is duplicated only tests: compilers copy such headers in front of the loop.
std::vector<Shape> ordered_shapes(const Graph& graph, const Loop& loop) {
  std::vector<Graph::NodeId> points = check::rotation_points(graph, loop);
  const auto order = ir::reverse_post_order(graph);
  std::size_t pure = 0;
  for (std::size_t i = 1; i < points.size(); ++i) {
    bool only_tests = true;
    for (Graph::NodeId node : order) {
      if (node == points[i]) break;
      if (!loop.body.contains(node)) continue;
      const ir::Node& content = graph.at(node).node;
      only_tests = only_tests && !std::holds_alternative<ir::Store>(content) &&
                   !std::holds_alternative<ir::Call>(content) && !std::holds_alternative<ir::Effect>(content);
    }
    if (only_tests) pure = i;
  }
  std::swap(points[0], points[pure]);
  std::vector<Shape> shapes;
  for (unsigned peeled : {0u, 1u}) {
    for (Graph::NodeId point : points) shapes.push_back({point, peeled});
  }
  return shapes;
}

/// The next combination of shapes; false after the last.
bool advance(std::vector<std::size_t>& pick, const std::vector<std::vector<Shape>>& shapes) {
  for (std::size_t i = 0; i < pick.size(); ++i) {
    if (++pick[i] < shapes[i].size()) return true;
    pick[i] = 0;
  }
  return false;
}

Alignment align(const Pair& pair, const std::vector<Loop>& source_loops, const std::vector<Loop>& binary_loops,
                const std::vector<std::size_t>& chosen, const std::vector<std::vector<Shape>>& shapes,
                const std::vector<std::size_t>& pick, unsigned copies) {
  Alignment alignment{pair, {}, ""};
  Graph& graph = alignment.pair.source.graph;
  for (std::size_t i = source_loops.size(); i-- > 0;) {
    if (std::find(chosen.begin(), chosen.end(), i) != chosen.end()) continue;
    for (unsigned copy = 0; copy < copies; ++copy) check::peel(graph, source_loops[i]);
  }
  // Inner loops first, so that an outer rotation copies loops that have their final shape.
  for (std::size_t i = chosen.size(); i-- > 0;) {
    const Shape& shape = shapes[i][pick[i]];
    for (unsigned copy = 0; copy < shape.peeled; ++copy) check::peel(graph, source_loops[chosen[i]]);
    check::rotate(graph, source_loops[chosen[i]], shape.start);
  }
  for (std::size_t i = 0; i < chosen.size(); ++i) {
    check::Cut cut;
    cut.source_header = shapes[i][pick[i]].start;
    cut.binary_header = binary_loops[i].header;
    alignment.certificate.cuts.push_back(cut);
    alignment.text += fmt::format("{}line {} = 0x{:x}", i ? ", " : "", pair.source.graph.at(cut.source_header).where.line,
                                  pair.binary.graph.at(cut.binary_header).address);
  }
  return alignment;
}

}  // namespace

std::vector<Alignment> alignments(const Pair& pair, std::size_t limit) {
  require_reducible(pair.source, "source");
  require_reducible(pair.binary, "binary");
  const std::vector<Loop> source_loops = check::find_loops(pair.source.graph);
  const std::vector<Loop> binary_loops = check::find_loops(pair.binary.graph);
  std::vector<Alignment> result;
  if (source_loops.empty() && binary_loops.empty()) {
    result.push_back({pair, {}, ""});
    return result;
  }
  if (source_loops.size() < binary_loops.size()) {
    throw Unprovable(Verdict::unknown, "loop-pairing",
                     fmt::format("{} source loops for {} binary loops", source_loops.size(), binary_loops.size()));
  }
  for (const auto& chosen : choices(source_loops.size(), binary_loops.size(), limit)) {
    const bool all_paired = chosen.size() == source_loops.size();
    std::vector<std::vector<Shape>> shapes;
    for (std::size_t index : chosen) shapes.push_back(ordered_shapes(pair.source.graph, source_loops[index]));
    std::vector<std::size_t> pick(chosen.size(), 0);
    do {
      for (unsigned copies : unroll_counts) {
        if (result.size() >= limit) return result;
        result.push_back(align(pair, source_loops, binary_loops, chosen, shapes, pick, copies));
        if (all_paired) break;
      }
    } while (advance(pick, shapes));
  }
  return result;
}

}  // namespace validator::search
