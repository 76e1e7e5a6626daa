// SPDX-License-Identifier: Apache-2.0
// Where a reader is sent first.
#include "validator/report/html/cause.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"

namespace validator::report::html {
namespace {

ir::Term reg(unsigned number) { return ir::var("X" + std::to_string(number), ir::Sort::bitvec(64)); }

Step sets(ir::Term variable, std::uint64_t value, std::vector<ir::Term> reads, ir::Graph::NodeId node = 0) {
  Step step;
  step.node = node;
  step.sets.emplace_back(variable, value);
  step.reads = std::move(reads);
  return step;
}

TEST(Cause, TheChainHasOnlyWhatMadeTheValue) {
  const Steps steps{{sets(reg(1), 5, {}), sets(reg(2), 6, {}), sets(reg(0), 7, {reg(1)})}, {}};
  EXPECT_EQ(made_by(steps, {3, {reg(0)}, {}}), (std::vector<std::size_t>{2, 0}));
}

TEST(Cause, TheChainGoesThroughMemory) {
  Step store, load = sets(reg(0), 5, {reg(9)});
  store.memory = MemoryStep{0x100, 8, true, 5};
  store.reads = {reg(1)};
  load.memory = MemoryStep{0x104, 4, false, 5};
  const Steps steps{{sets(reg(1), 5, {}), store, load}, {}};
  EXPECT_EQ(made_by(steps, {3, {reg(0)}, {}}), (std::vector<std::size_t>{2, 1, 0}));
}

TEST(Cause, TheFirstValueThatTheOtherSideNeverHas) {
  const Steps ours{{sets(reg(1), 5, {}), sets(reg(2), 11, {reg(1)}), sets(reg(0), 12, {reg(2)})}, {}};
  const Steps theirs{{}, {5, 10}};
  EXPECT_EQ(first_strange(ours, {2, 1, 0}, theirs), std::optional<std::size_t>(1));
  EXPECT_EQ(first_strange(ours, {0}, theirs), std::nullopt);
}

/// Node 0 makes the condition, 1 branches to 2 or 3.
struct Fork {
  ir::Graph graph;
  Fork() {
    for (unsigned i = 0; i < 2; ++i)
      graph.add(i == 1 ? ir::Node(ir::Cond{ir::var("Z", ir::Sort::boolean())}) : ir::Node(ir::Basic{}));
    graph.add(ir::Return{});
    graph.add(ir::Return{});
    graph.set_entry(0);
    graph.connect(0, 1);
    graph.connect(1, 2, 0);
    graph.connect(1, 3, 1);
  }
  Steps run(int branch) const {
    Steps steps;
    steps.list.push_back(sets(ir::var("Z", ir::Sort::boolean()), 1, {}));
    Step choice;
    choice.node = 1;
    choice.branch = branch;
    choice.reads = {ir::var("Z", ir::Sort::boolean())};
    steps.list.push_back(choice);
    Step end;
    end.node = branch == 0 ? 2 : 3;
    steps.list.push_back(end);
    return steps;
  }
};

TEST(Cause, ABranchToAnotherLineIsTheSuspectAndItsConditionIsNamed) {
  const Fork fork;
  const Steps theirs = fork.run(0), ours = fork.run(1);
  const auto line = [](ir::Graph::NodeId node) { return static_cast<int>(node); };
  const Suspicion suspicion = look_first({fork.graph, theirs, line}, {fork.graph, ours, line}, {}, ours.list.size());
  EXPECT_EQ(suspicion.step, std::optional<std::size_t>(1));
  EXPECT_EQ(suspicion.decided_by, std::optional<std::size_t>(0));
  EXPECT_FALSE(suspicion.why.empty());
}

TEST(Cause, ConstantsAreChosenByTheLastBranch) {
  const Fork fork;
  Steps theirs = fork.run(0);
  theirs.values = {1};
  Steps ours = fork.run(0);
  ours.list.push_back(sets(reg(0), 1, {}, 2));
  const auto line = [](ir::Graph::NodeId) { return 1; };
  const Suspicion suspicion = look_first({fork.graph, theirs, line}, {fork.graph, ours, line}, {3}, ours.list.size());
  EXPECT_EQ(suspicion.step, std::optional<std::size_t>(1));
}

}  // namespace
}  // namespace validator::report::html
