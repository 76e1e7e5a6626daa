// SPDX-License-Identifier: Apache-2.0
// States that a solver makes out of runs: branches that chance does not take, differences that only few states on a
// path show. And a difference that the language excuses.
#include <gtest/gtest.h>

#include "tests/unit/replay/pair.hpp"

namespace validator::replay::testing {
namespace {

constexpr std::uint64_t key = 0x1234'5678'9abc'def0;

SearchOptions with_solver(std::uint64_t units) {
  SearchOptions options;
  options.runs = 300;
  options.solver_units = units;
  return options;
}

/// if (3 * p[0] + 7 == key && p[1] - p[0] == 2 * key) return answer; return 0;
Chain behind_two_keys(bool source, std::uint64_t answer) {
  Chain chain;
  if (source) chain.parameters({reg(0, v64("p"))}).result(64);
  const Term p = source ? v64("p") : x(0), first = source ? v64("a") : x(1), second = source ? v64("b") : x(2);
  auto finish = [&](std::uint64_t value) {
    if (source)
      chain.ret({c64(value)});
    else
      chain.set(x(0), c64(value)), chain.ret();
  };
  chain.load(first, p);
  const auto outer = chain.cond(ir::eq(ir::add(ir::mul(first, c64(3)), c64(7)), c64(key)));
  chain.from(outer, 0);
  chain.load(second, ir::add(p, c64(8)));
  const auto inner = chain.cond(ir::eq(ir::sub(second, first), c64(2 * key)));
  chain.from(inner, 0);
  finish(answer);
  chain.from(inner, 1);
  finish(0);
  chain.from(outer, 1);
  finish(0);
  return chain;
}

TEST(Directed, BranchesThatChanceDoesNotTakeAreTaken) {
  const Chain source = behind_two_keys(true, 1), right = behind_two_keys(false, 1), wrong = behind_two_keys(false, 2);
  EXPECT_FALSE(search_random(problem(source, wrong), with_solver(0)));
  const auto found = search_random(problem(source, wrong), with_solver(1'000'000));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->difference.kind, DifferenceKind::result);
  SearchStatistics statistics;
  EXPECT_FALSE(search_random(problem(source, right), with_solver(1'000'000), &statistics));
  EXPECT_EQ(statistics.binary_nodes.size(), right.function.graph.size());
}

/// return p[0]; or another value for one word, without a branch.
Chain same_but_for(bool source, std::uint64_t odd_one) {
  Chain chain;
  if (source) {
    chain.parameters({reg(0, v64("p"))}).result(64);
    chain.load(v64("w"), v64("p"));
    chain.ret({v64("w")});
    return chain;
  }
  chain.load(x(0), x(0));
  chain.set(x(0), ir::ite(ir::eq(ir::mul(x(0), c64(5)), c64(5 * key)), c64(odd_one), x(0)));
  chain.ret();
  return chain;
}

TEST(Directed, DifferencesOnAKnownPathAreFound) {
  const Chain source = same_but_for(true, 0), right = same_but_for(false, key), wrong = same_but_for(false, 1);
  EXPECT_FALSE(search_random(problem(source, wrong), with_solver(0)));
  const auto found = search_random(problem(source, wrong), with_solver(1'000'000));
  ASSERT_TRUE(found);
  EXPECT_EQ(found->difference.kind, DifferenceKind::result);
  EXPECT_FALSE(search_random(problem(source, right), with_solver(1'000'000)));
}

/// *p = 1; return *q; against a binary that reads first: wrong, unless p and q may be taken for pointers to different
/// places.
TEST(Directed, OverlapThatTheLanguageMayForbidExcuses) {
  Chain source, binary;
  source.parameters({reg(0, v64("p")), reg(1, v64("q"))}).result(64);
  source.store(v64("p"), c64(1));
  source.load(v64("r"), v64("q"));
  source.ret({v64("r")});
  binary.load(x(2), x(1));
  binary.set(x(3), c64(1));
  binary.store(x(0), x(3));
  binary.set(x(0), x(2));
  binary.ret();
  EXPECT_TRUE(search_random(problem(source, binary), with_solver(1'000'000)));
  source.function.assumes_no_alias = true;
  SearchStatistics statistics;
  EXPECT_FALSE(search_random(problem(source, binary), with_solver(1'000'000), &statistics));
  EXPECT_GT(statistics.agreements["assumption"], 0u);
  EXPECT_GT(statistics.agreements["equal"], 0u);
}

}  // namespace
}  // namespace validator::replay::testing
