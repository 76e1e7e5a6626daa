// SPDX-License-Identifier: Apache-2.0
#include "validator/report/stability.hpp"

#include <gtest/gtest.h>

#include "tests/unit/report/runs.hpp"

namespace validator::report {
namespace {

report::Run with(Verdict verdict, std::uint64_t units) {
  report::Run run = passing_run();
  run.images[0].functions = {row_with(verdict, "f"), row_with(Verdict::proved, "g")};
  run.images[0].functions[1].outcome.solver_units = units;
  return run;
}

TEST(Stability, names_what_depends_on_luck_and_how_much_work_varies) {
  const auto list = stability({with(Verdict::proved, 1'000'000), with(Verdict::unknown, 3'000'000), with(Verdict::proved, 500'000)});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_FALSE(list[0].same_verdict());
  EXPECT_TRUE(list[1].same_verdict());
  EXPECT_EQ(list[1].least(), 500'000U);
  EXPECT_EQ(list[1].most(), 3'000'000U);
  const std::string text = stability_text(list);
  EXPECT_NE(text.find("2 functions with 3 seeds: 1 have one verdict, 1 depend on the solver's luck"), std::string::npos) << text;
  EXPECT_NE(text.find("LUCK     f of gcc: 2 proved, 1 unknown"), std::string::npos) << text;
  EXPECT_NE(text.find("6.0 x  g of gcc: 500000 to 3000000 units"), std::string::npos) << text;
  EXPECT_EQ(stability_json(list).at("functions").at(0).at("verdicts").at(1), "unknown");
}

TEST(Stability, small_differences_are_not_worth_a_line) {
  const std::string text = stability_text(stability({with(Verdict::proved, 1'000'000), with(Verdict::proved, 1'040'000)}));
  EXPECT_NE(text.find("solver units of 0 functions vary"), std::string::npos) << text;
  EXPECT_EQ(text.find(" x  g"), std::string::npos) << text;
  const std::string more = stability_text(stability({with(Verdict::proved, 1'000'000), with(Verdict::proved, 1'060'000)}));
  EXPECT_NE(more.find("1.1 x  g of gcc"), std::string::npos) << more;
}

TEST(Stability, a_run_that_lacks_a_function_did_not_run_it) {
  report::Run less = with(Verdict::proved, 1);
  less.images[0].functions.pop_back();
  const auto list = stability({with(Verdict::proved, 1), less});
  ASSERT_EQ(list.size(), 2U);
  EXPECT_TRUE(list[0].same_verdict());
  EXPECT_EQ(list[1].verdicts.at(1), Verdict::not_run);
}

TEST(Stability, the_same_runs_are_stable) {
  const auto list = stability({passing_run(), passing_run()});
  EXPECT_NE(stability_text(list).find("4 have one verdict, 0 depend"), std::string::npos);
  EXPECT_EQ(stability_text(list).find("LUCK"), std::string::npos);
}

}  // namespace
}  // namespace validator::report
