// SPDX-License-Identifier: Apache-2.0
// Order, loops, the structural check and inlining of graphs.
#include "ir/graph.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "ir/build.hpp"
#include "ir/function.hpp"

namespace ir {
namespace {

using NodeId = Graph::NodeId;

/// A graph with one node per entry: none, one or two successors.
Graph shape(const std::vector<std::vector<NodeId>>& edges) {
  Graph graph;
  const Term choose = var("choose", Sort::boolean());
  for (const auto& next : edges) {
    if (next.empty()) graph.add(Return{});
    else if (next.size() == 1) graph.add(Basic{});
    else graph.add(Cond{choose});
  }
  for (NodeId from = 0; from < edges.size(); ++from)
    for (unsigned index = 0; index < edges[from].size(); ++index) graph.connect(from, edges[from][index], index);
  graph.set_entry(0);
  return graph;
}

TEST(GraphStructure, ReversePostOrderIsTopologicalWithoutLoops) {
  const Graph graph = shape({{1, 2}, {3}, {3}, {}, {}});
  const std::vector<NodeId> order = reverse_post_order(graph);
  EXPECT_EQ(order.size(), 4U);  // node 4 is not reachable
  const auto position = [&](NodeId node) { return std::find(order.begin(), order.end(), node) - order.begin(); };
  EXPECT_EQ(position(0), 0);
  EXPECT_EQ(position(3), 3);
  EXPECT_TRUE(loop_headers(graph).headers.empty());
}

TEST(GraphStructure, HeadersOfNestedLoops) {
  const Graph graph = shape({{1}, {2, 5}, {3}, {2, 4}, {1}, {}});
  const LoopHeaders loops = loop_headers(graph);
  EXPECT_EQ(loops.headers, (std::vector<NodeId>{1, 2}));
  EXPECT_FALSE(loops.irreducible);
}

TEST(GraphStructure, SelfLoopIsALoop) {
  EXPECT_EQ(loop_headers(shape({{0}})).headers, (std::vector<NodeId>{0}));
}

TEST(GraphStructure, TwoEntriesAreIrreducible) {
  EXPECT_TRUE(loop_headers(shape({{1, 2}, {2}, {1, 3}, {}})).irreducible);
  EXPECT_FALSE(loop_headers(shape({{1, 2}, {2}, {2, 3}, {}})).irreducible);
}

TEST(GraphStructure, CheckFindsMissingEdgesAndWrongWidths) {
  EXPECT_TRUE(check_graph(shape({{1, 2}, {2}, {}})));
  Graph missing = shape({{1, 2}, {2}, {}});
  missing.disconnect(0, 1);
  EXPECT_FALSE(check_graph(missing));
  Graph no_entry;
  no_entry.add(Return{});
  EXPECT_FALSE(check_graph(no_entry));
  const auto with = [](Node node) {
    Graph graph;
    graph.add(std::move(node));
    graph.add(Return{});
    graph.connect(0, 1);
    graph.set_entry(0);
    return graph;
  };
  const Term address = var("ga", Sort::bitvec(64));
  const Term word = var("gw", Sort::bitvec(32));
  EXPECT_TRUE(check_graph(with(Load{word, address, 4})));
  EXPECT_FALSE(check_graph(with(Load{word, address, 8})));
  EXPECT_FALSE(check_graph(with(Load{word, word, 4})));
  EXPECT_TRUE(check_graph(with(Basic{{{word, bv(1, 32)}}})));
  EXPECT_FALSE(check_graph(with(Basic{{{word, bv(1, 64)}}})));
  // One name, two sorts: two variables by accident.
  EXPECT_FALSE(check_graph(with(Basic{{{word, extract(31, 0, var("gw", Sort::bitvec(64)))}}})));
}

TEST(Inlining, SourceCallBindsAndRenames) {
  const Term p = var("p.0", Sort::bitvec(32));
  Function callee;
  callee.symbol = "callee";
  callee.parameters.push_back({{AbiPlace::Kind::x_register, 0}, p});
  callee.results.push_back({{AbiPlace::Kind::x_register, 0}, Term()});
  callee.result_bits = {32};
  callee.graph.add(Return{{add(p, bv(1, 32))}});
  callee.graph.set_entry(0);

  const Term r = var("r.0", Sort::bitvec(32));
  Function caller;
  Call call;
  call.symbol = "callee";
  call.arguments.push_back({{AbiPlace::Kind::x_register, 0}, bv(41, 32)});
  call.results.push_back({{AbiPlace::Kind::x_register, 0}, r});
  const NodeId at = caller.graph.add(call);
  const NodeId end = caller.graph.add(Return{{r}});
  caller.graph.connect(at, end);
  caller.graph.set_entry(at);
  inline_source_call(caller, at, callee);
  ASSERT_TRUE(check_graph(caller.graph));

  // Run it by hand: the assignments along the one path.
  Substitution state;
  Term result;
  for (NodeId node : reverse_post_order(caller.graph)) {
    if (const auto* basic = std::get_if<Basic>(&caller.graph.at(node).node)) {
      Substitution next = state;
      for (const Binding& binding : basic->assignments) next[binding.variable] = substitute(binding.value, state);
      state = next;
    }
    if (const auto* back = std::get_if<Return>(&caller.graph.at(node).node)) result = substitute(back->values[0], state);
    EXPECT_FALSE(std::holds_alternative<Call>(caller.graph.at(node).node));
  }
  EXPECT_EQ(result, bv(42, 32));
}

TEST(Inlining, BinaryReturnIsChecked) {
  const Term x30 = var("X30", Sort::bitvec(64));
  Function callee;
  callee.graph.add(Return{{x30}});
  callee.graph.set_entry(0);
  Function caller;
  Call call;
  call.symbol = "callee";
  const NodeId at = caller.graph.add(call, {}, 0x1000);
  const NodeId end = caller.graph.add(Return{{x30}});
  const NodeId middle = caller.graph.add(Basic{});
  caller.graph.connect(at, middle);
  caller.graph.connect(middle, end);
  caller.graph.set_entry(at);
  inline_binary_call(caller, at, callee);
  ASSERT_TRUE(check_graph(caller.graph));
  bool checked = false;
  for (NodeId node : reverse_post_order(caller.graph))
    if (const auto* cond = std::get_if<Cond>(&caller.graph.at(node).node))
      checked |= cond->condition == eq(x30, bv(0x1004, 64));
  EXPECT_TRUE(checked);
}

}  // namespace
}  // namespace ir
