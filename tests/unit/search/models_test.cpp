// SPDX-License-Identifier: Apache-2.0
// Models of pairs that differ only where chance does not go; equal pairs have none.
#include <gtest/gtest.h>

#include "pair_builder.hpp"
#include "validator/search/models.hpp"
#include "validator/search/unroll.hpp"

namespace {

using namespace testing_pairs;
using validator::search::EntryModel;

const Term x0 = bits64("X0"), x1 = bits64("X1");
const Term a = bits64("a.1"), b = bits64("b.2"), i = bits64("i.3");
constexpr std::uint64_t key = 0x1234'5678'9abc'def0;
const validator::search::World world{0x7f'0000'0000, 0x70'2468'ace0, 0x10'0000'0000, 0x40'0000'0000};

std::vector<EntryModel> models_of(TestPair& pair) {
  pair.prove();  // fills the modules
  const validator::Problem problem{pair.others_source, pair.others_binary, pair.image, "f", {}, {}};
  const validator::check::Surroundings around(problem);
  const validator::check::Evidence evidence(around);
  std::vector<EntryModel> models;
  validator::search::offer_models(validator::check::inline_calls(evidence, problem.symbol, {}), problem, evidence, world, {2'000'000, 20'000'000, 0},
                                  [&](const EntryModel& model) {
                                    models.push_back(model);
                                    return false;
                                  });
  return models;
}

/// a == KEY ? 1 : 0
TestPair compares(std::uint64_t in_source, std::uint64_t in_binary) {
  TestPair pair;
  pair.returns(64);
  pair.source.function.parameters = {in_register(0, a)};
  pair.source.add(ir::Return{{ir::ite(ir::eq(a, number(in_source)), number(1), number(0))}});
  pair.binary.add(set(x0, ir::ite(ir::eq(x0, number(in_binary)), number(1), number(0))));
  pair.binary.add(return_to_caller());
  return pair;
}

TEST(Models, FindTheOneValueThatDiffers) {
  TestPair wrong = compares(key, key + 1), right = compares(key, key);
  const auto models = models_of(wrong);
  ASSERT_FALSE(models.empty());
  const std::uint64_t value = models.front().registers.at(0);
  EXPECT_TRUE(value == key || value == key + 1);
  EXPECT_TRUE(models_of(right).empty());
}

/// *a == KEY ? b : 0, so the memory at entry matters.
TestPair loads(bool right) {
  TestPair pair;
  pair.returns(64);
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  pair.source.add(load(bits64("l.1"), a));
  pair.source.add(ir::Return{{ir::ite(ir::eq(bits64("l.1"), number(key)), b, number(0))}});
  pair.binary.add(load(bits64("t0"), x0));
  pair.binary.add(set(x0, ir::ite(ir::eq(bits64("t0"), number(key)), right ? x1 : ir::add(x1, number(8)), number(0))));
  pair.binary.add(return_to_caller());
  return pair;
}

TEST(Models, HaveTheMemoryAtEntryAtAGoodAddress) {
  TestPair wrong = loads(false), right = loads(true);
  const auto models = models_of(wrong);
  ASSERT_FALSE(models.empty());
  const EntryModel& model = models.front();
  const std::uint64_t address = model.registers.at(0);
  EXPECT_GE(address, world.objects);
  EXPECT_LT(address, world.objects + world.objects_bytes);
  std::uint64_t word = 0;
  for (unsigned k = 0; k < 8; ++k) word |= std::uint64_t{model.memory.at(address + k)} << (8 * k);
  EXPECT_EQ(word, key);
  EXPECT_TRUE(models_of(right).empty());
}

TEST(Models, LoopsAreUnrolled) {
  // for (i = 0; i != 3; ++i) if (i == 2) return wrong: only the third visit differs.
  for (const bool right : {true, false}) {
    TestPair pair;
    pair.returns(64);
    pair.source.function.parameters = {in_register(0, a)};
    pair.source.add(set(i, number(0)));
    const auto head = pair.source.add(ir::Cond{ir::ult(i, a)});
    pair.source.continue_from(head, 0);
    pair.source.add(set(i, ir::add(i, number(1))));
    pair.source.jump(head);
    pair.source.continue_from(head, 1);
    pair.source.add(ir::Return{{i}});
    pair.binary.add(set(x1, number(0)));
    const auto loop = pair.binary.add(ir::Cond{ir::ult(x1, x0)});
    pair.binary.continue_from(loop, 0);
    pair.binary.add(set(x1, ir::add(x1, number(1))));
    pair.binary.jump(loop);
    pair.binary.continue_from(loop, 1);
    pair.binary.add(set(x0, right ? x1 : ir::ite(ir::eq(x1, number(2)), number(7), x1)));
    pair.binary.add(return_to_caller());
    const auto models = models_of(pair);
    if (right) {
      EXPECT_TRUE(models.empty());
    } else {
      ASSERT_FALSE(models.empty());
      EXPECT_EQ(models.front().registers.at(0), 2u);
    }
  }
}

TEST(Unroll, LeavesNoLoopAndKeepsTheGraphThatHasNone) {
  TestPair pair = compares(1, 1);
  const std::size_t before = pair.source.function.graph.size();
  EXPECT_TRUE(validator::search::unroll(pair.source.function.graph, 4));
  EXPECT_EQ(pair.source.function.graph.size(), before);

  Builder nested;
  nested.add(set(i, number(0)));
  const auto outer = nested.add(ir::Cond{ir::ult(i, a)});
  nested.continue_from(outer, 0);
  const auto inner = nested.add(ir::Cond{ir::ult(i, b)});
  nested.continue_from(inner, 0);
  nested.add(set(i, ir::add(i, number(1))));
  nested.jump(inner);
  nested.continue_from(inner, 1);
  nested.jump(outer);
  nested.continue_from(outer, 1);
  nested.add(ir::Return{{}});
  EXPECT_TRUE(validator::search::has_loops(nested.function.graph));
  EXPECT_TRUE(validator::search::unroll(nested.function.graph, 3));
  EXPECT_FALSE(validator::search::has_loops(nested.function.graph));
}

}  // namespace
