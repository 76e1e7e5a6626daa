// SPDX-License-Identifier: Apache-2.0
// Blocks and where they are drawn.
#include <gtest/gtest.h>

#include "ir/build.hpp"
#include "validator/report/html/layout.hpp"

namespace validator::report::html {
namespace {

/// entry -> loop head -> (body -> head | end)
ir::Graph loop() {
  ir::Graph graph;
  const ir::Term flag = ir::var("Z", ir::Sort::boolean());
  const auto entry = graph.add(ir::Basic{}), second = graph.add(ir::Basic{}), head = graph.add(ir::Cond{flag}),
             body = graph.add(ir::Basic{}), end = graph.add(ir::Return{});
  graph.add(ir::Basic{});  // cannot be reached
  graph.set_entry(entry);
  graph.connect(entry, second);
  graph.connect(second, head);
  graph.connect(head, body, 0);
  graph.connect(head, end, 1);
  graph.connect(body, head);
  return graph;
}

TEST(Blocks, StraightRunsAreOneBlock) {
  const Blocks blocks = blocks_of(loop());
  ASSERT_EQ(blocks.nodes.size(), 4U);
  EXPECT_EQ(blocks.nodes[0].size(), 2U);
  EXPECT_EQ(blocks.block_of[0], blocks.block_of[1]);
  EXPECT_EQ(blocks.block_of[5], Blocks::none);
  EXPECT_EQ(blocks.loop_heads, std::vector<std::size_t>{blocks.block_of[2]});
}

TEST(Blocks, EdgesKnowConditionAndDirection) {
  unsigned back = 0, yes = 0, no = 0;
  for (const BlockEdge& edge : blocks_of(loop()).edges) {
    back += edge.back;
    yes += edge.label == 0;
    no += edge.label == 1;
  }
  EXPECT_EQ(back, 1U);
  EXPECT_EQ(yes, 1U);
  EXPECT_EQ(no, 1U);
}

TEST(Layout, BoxesAreDistinctAndEdgesHavePaths) {
  const Blocks blocks = blocks_of(loop());
  std::vector<Box> boxes(blocks.nodes.size(), Box{120, 40});
  const Layout layout = lay_out(boxes, blocks.edges);
  ASSERT_TRUE(layout.done);
  for (const std::string& path : layout.paths) EXPECT_EQ(path.substr(0, 1), "M");
  for (std::size_t i = 0; i < boxes.size(); ++i) {
    EXPECT_GE(boxes[i].x, 0);
    EXPECT_LE(boxes[i].x + boxes[i].width, layout.width + 1);
    for (std::size_t j = 0; j < i; ++j) {
      const bool apart = boxes[i].x >= boxes[j].x + boxes[j].width || boxes[j].x >= boxes[i].x + boxes[i].width ||
                         boxes[i].y >= boxes[j].y + boxes[j].height || boxes[j].y >= boxes[i].y + boxes[i].height;
      EXPECT_TRUE(apart) << i << " and " << j;
    }
  }
}

}  // namespace
}  // namespace validator::report::html
