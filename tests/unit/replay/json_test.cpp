// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/replay/pair.hpp"
#include "validator/replay/counterexample.hpp"

namespace validator::replay::testing {
namespace {

/// u64 f(u64* p) { return g(p[0]) + p[1]; } with a wrong offset on the binary side.
Chain source() {
  Chain chain;
  chain.parameters({reg(0, v64("p"))}).result(64);
  chain.load(v64("first"), v64("p"));
  ir::Call call;
  call.symbol = "g";
  call.arguments = {reg(0, v64("first"))};
  call.results = {reg(0, v64("g"))};
  chain.add(call);
  chain.load(v64("second"), ir::add(v64("p"), c64(8)));
  chain.ret({ir::add(v64("g"), v64("second"))});
  return chain;
}

Chain binary(unsigned offset) {
  Chain chain;
  chain.set(sp(), ir::sub(sp(), c64(16)));
  chain.store(sp(), x(30));
  chain.store(ir::add(sp(), c64(8)), x(0));
  chain.load(x(0), x(0));
  ir::Call call;
  call.symbol = "g";
  chain.add(call);
  chain.load(x(1), ir::add(sp(), c64(8)));
  chain.load(x(1), ir::add(x(1), c64(offset)));
  chain.set(x(0), ir::add(x(0), x(1)));
  chain.load(x(30), sp());
  chain.set(sp(), ir::add(sp(), c64(16)));
  chain.ret();
  return chain;
}

TEST(Json, EqualAnswersShareOneRow) {
  const Chain left = source(), right = binary(0);
  auto found = search_random(problem(left, right), {});
  ASSERT_TRUE(found);
  Answer answer;
  answer.seed = 7;
  answer.has_value = true;
  answer.value = 0x20;
  found->environment.answers.assign(100'000, answer);
  found->environment.answers.back().value = 0;
  const std::string text = to_json(*found);
  EXPECT_LT(text.size(), 20'000U);
  auto again = read_counterexample(text, "test.json");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(again->environment.answers, found->environment.answers);
  std::string endless = text;
  const std::string row = "\"times\": 99999";
  ASSERT_NE(endless.find(row), std::string::npos);
  endless.replace(endless.find(row), row.size(), "\"times\": 99999999999");
  EXPECT_FALSE(read_counterexample(endless, "test.json"));
}

TEST(Json, RoundTripsAndReplays) {
  const Chain left = source(), right = binary(0);
  EXPECT_EQ(verdict(left, binary(8)), "none");
  const SearchProblem pair = problem(left, right);
  auto found = search_random(pair, {});
  ASSERT_TRUE(found);
  found->inlined = {0x4000, 0xffff'ffff'c000'0010};
  const std::string text = to_json(*found);
  auto again = read_counterexample(text, "test.json");
  ASSERT_TRUE(again) << again.error().to_string();
  EXPECT_EQ(to_json(*again), text);
  EXPECT_EQ(again->inlined, found->inlined);
  EXPECT_EQ(again->environment.invents_opaque, found->environment.invents_opaque);
  const Comparison comparison = replay(pair, *again);
  EXPECT_EQ(comparison.agreement, Agreement::differs);
  EXPECT_EQ(comparison.difference.text, found->difference.text);
}

TEST(Json, SimplifiedCounterexamplesStillDiffer) {
  const Chain left = source(), right = binary(0);
  const SearchProblem pair = problem(left, right);
  auto found = search_random(pair, {});
  ASSERT_TRUE(found);
  Counterexample small = simplify(pair, *found);
  EXPECT_EQ(replay(pair, small).agreement, Agreement::differs);
  EXPECT_EQ(std::count(small.entry.x.begin(), small.entry.x.end(), 0U),
            29);  // x0 is the pointer, x30 the return address
}

TEST(Json, RejectsWhatIsNoCounterexample) {
  for (const char* text : {"", "{", "[]", "{}", "{\"schema\": 2}", "{\"schema\": 1, \"symbol\": 3}"}) {
    const auto read = read_counterexample(text, "bad.json");
    ASSERT_FALSE(read) << text;
    EXPECT_EQ(read.error().code, "counterexample-syntax");
    EXPECT_EQ(read.error().where.file, "bad.json");
  }
}

TEST(Json, RejectsWrongNumbers) {
  const Chain left = source(), right = binary(0);
  std::string text = to_json(*search_random(problem(left, right), {}));
  const auto at = text.find("\"sp\": \"0x");
  ASSERT_NE(at, std::string::npos);
  text.replace(at, 9, "\"sp\": \"0q");
  EXPECT_FALSE(read_counterexample(text, "bad.json"));
}

TEST(Describe, ShowsBothSidesAndTheDivergence) {
  const Chain left = source(), right = binary(0);
  const SearchProblem pair = problem(left, right);
  const Confirmation confirmation = confirm(pair, *search_random(pair, {}));
  EXPECT_EQ(confirmation.status, Confirmation::Status::emulator_unavailable);
  for (const char* expected : {"result at event 1", "call g(x0=", "<- differs", "emulator: not run"})
    EXPECT_NE(confirmation.text.find(expected), std::string::npos) << expected << "\n" << confirmation.text;
}

TEST(Describe, EqualRunsAreNotConfirmed) {
  const Chain left = source(), right = binary(8);
  Counterexample claim;
  claim.symbol = "f";
  claim.entry.x[0] = object_regions;
  EXPECT_EQ(confirm(problem(left, right), claim).status, Confirmation::Status::not_reproduced);
}

}  // namespace
}  // namespace validator::replay::testing
