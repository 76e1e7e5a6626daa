// SPDX-License-Identifier: Apache-2.0
// Searches that start from a guess, what pointers random states get, and answers of callees that are not run.
#include <gtest/gtest.h>

#include "tests/unit/replay/pair.hpp"

namespace validator::replay::testing {
namespace {

constexpr std::uint64_t key = 0x1234'5678'9abc'def0;

/// *p == key ? 1 : 0, where the constant is hidden from the hints: key is made of two registers.
Chain finds_key(bool source, std::uint64_t answer) {
  Chain chain;
  if (source) chain.parameters({reg(0, v64("p")), reg(1, v64("q"))}).result(64);
  const Term p = source ? v64("p") : x(0), q = source ? v64("q") : x(1), word = source ? v64("w") : x(2);
  chain.load(word, p);
  const auto branch = chain.cond(ir::eq(word, ir::mul(q, q)));
  chain.from(branch, 0);
  if (source) chain.ret({c64(answer)});
  else chain.set(x(0), c64(answer)), chain.ret();
  chain.from(branch, 1);
  if (source) chain.ret({c64(0)});
  else chain.set(x(0), c64(0)), chain.ret();
  return chain;
}

TEST(Guess, ReachesWhatChanceDoesNot) {
  const Chain source = finds_key(true, 1), wrong = finds_key(false, 2), right = finds_key(false, 1);
  Guess guess;
  guess.x = {{0, object_regions}, {1, key}};
  for (unsigned i = 0; i < 8; ++i) guess.memory[object_regions + i] = static_cast<std::uint8_t>((key * key) >> (8 * i));
  SearchOptions options;
  options.runs = 1;
  EXPECT_FALSE(search_random(problem(source, wrong), options));
  options.guess = &guess;
  const auto found = search_random(problem(source, wrong), options);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->difference.kind, DifferenceKind::result);
  EXPECT_FALSE(search_random(problem(source, right), options));
}

/// u64 f(u64** p) { u64* copy = *p; return *copy == 5; }, the copy in a local object that is reached through another variable.
TEST(Guess, PointersAreKnownThroughLocalObjects) {
  auto half = [](bool source, std::uint64_t wanted) {
    Chain chain;
    if (!source) {
      chain.load(x(0), x(0));
      chain.load(x(0), x(0));
      chain.set(x(0), ir::ite(ir::eq(x(0), c64(wanted)), c64(1), c64(0)));
      chain.ret();
      return chain;
    }
    chain.parameters({reg(0, v64("p"))}).result(64);
    chain.function.locals.push_back({v64("%copy.1"), "copy", 8, 8});
    chain.load(v64("t"), v64("p"));
    chain.store(v64("%copy.1"), v64("t"));
    chain.set(v64("this"), v64("%copy.1"));
    chain.load(v64("c"), v64("this"));
    chain.require(ir::logical_not(ir::eq(v64("c"), c64(0))), "ub-null");
    chain.require(ir::eq(ir::extract(2, 0, v64("c")), ir::bv(0, 3)), "ub-align");
    chain.load(v64("w"), v64("c"));
    chain.ret({ir::ite(ir::eq(v64("w"), c64(wanted)), c64(1), c64(0))});
    return chain;
  };
  SearchStatistics statistics;
  SearchOptions options;
  options.runs = 200;
  const Chain source = half(true, 5), right = half(false, 5), wrong = half(false, 6);
  EXPECT_FALSE(search_random(problem(source, right), options, &statistics));
  EXPECT_GT(statistics.agreements["equal"], 100u);
  EXPECT_TRUE(search_random(problem(source, wrong), options));
}

/// f() { return g() == 3; } where g of the same module always returns 4: only when no compiler could know that does it matter.
TEST(Guess, AnswersOfOpaqueCalleesAreInvented) {
  auto half = [](bool source, std::uint64_t result) {
    Chain chain;
    ir::Call call;
    call.symbol = "g";
    if (source) {
      chain.result(64);
      call.results = {reg(0, v64("r"))};
      chain.add(call);
      chain.ret({ir::ite(ir::eq(v64("r"), c64(3)), c64(result), c64(0))});
      return chain;
    }
    chain.set(sp(), ir::sub(sp(), c64(16)));
    chain.store(sp(), x(30));
    chain.add(call);
    chain.load(x(30), sp());
    chain.set(sp(), ir::add(sp(), c64(16)));
    chain.set(x(0), ir::ite(ir::eq(x(0), c64(3)), c64(result), c64(0)));
    chain.ret();
    return chain;
  };
  Chain callee;
  callee.result(64);
  callee.ret({c64(4)});
  ir::Module module;
  module.functions["g"] = callee.function;
  const Chain source = half(true, 1), wrong = half(false, 2);
  Guess guess;
  guess.answers[0].x[0] = 3;
  SearchOptions options;
  options.runs = 50;
  options.guess = &guess;
  for (const bool opaque : {false, true}) {
    SearchProblem pair = problem(source, wrong);
    pair.source_module = &module;
    pair.callees["g"].opaque = opaque;
    EXPECT_EQ(search_random(pair, options).has_value(), opaque);
  }
}

/// A store through p, between two reads of a global of which the binary keeps the first: wrong when p may point at the global, right when
/// p would have to point in front of it.
TEST(Guess, PointersDoNotReachIntoGlobalsFromOutside) {
  constexpr std::uint64_t global = unplaced_objects;
  for (const std::uint64_t distance : {0, 64}) {
    Chain source, binary;
    source.parameters({reg(0, v64("p"))}).result(64);
    source.load(v64("t"), v64("@g"));
    source.store(ir::add(v64("p"), c64(distance)), c64(7));
    source.load(v64("u"), v64("@g"));
    source.ret({v64("u")});
    binary.load(x(1), c64(global));
    binary.store(ir::add(x(0), c64(distance)), c64(7));
    binary.set(x(0), x(1));
    binary.ret();
    ir::Module module;
    ir::GlobalObject object;
    object.base = v64("@g");
    object.symbol = "g";
    object.bytes = 8;
    object.alignment = 8;
    module.globals["@g"] = object;
    SearchProblem pair = problem(source, binary);
    pair.source_module = &module;
    Guess guess;
    guess.x[0] = global - distance;
    SearchOptions options;
    options.runs = 1;
    options.guess = &guess;
    EXPECT_EQ(search_random(pair, options).has_value(), distance == 0);
  }
}

}  // namespace
}  // namespace validator::replay::testing
