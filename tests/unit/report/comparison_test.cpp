// SPDX-License-Identifier: Apache-2.0
#include "validator/report/comparison.hpp"

#include <gtest/gtest.h>

#include "tests/unit/report/runs.hpp"
#include "validator/report/exit_code.hpp"

namespace validator::report {
namespace {

report::Run with(Verdict verdict, const std::string& reason = "", std::uint64_t units = 0) {
  report::Run run = passing_run();
  run.images[0].functions[0] = row_with(verdict, "f", reason);
  run.images[0].functions[0].outcome.solver_units = units;
  return run;
}

Comparison comparison(const report::Run& before, const report::Run& after) {
  const ir::Result<Comparison> result = compare(to_json(before), to_json(after));
  EXPECT_TRUE(result) << result.error().to_string();
  return *result;
}

TEST(Comparison, the_same_has_nothing_new) {
  for (const report::Run& run : {passing_run(), with(Verdict::refuted, "effect")}) {
    const Comparison c = comparison(run, run);
    EXPECT_TRUE(c.worse.empty() && c.fixed.empty() && c.changed.empty() && c.slower.empty());
    EXPECT_EQ(c.unchanged, 7U);  // four functions, two objects, the bytes
    EXPECT_EQ(exit_code(c), exit_ok);
  }
}

TEST(Comparison, what_is_worse_fails_as_it_would_alone) {
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved), with(Verdict::unknown, "time"))), exit_undecided);
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved), with(Verdict::refuted, "effect"))), exit_refuted);
  EXPECT_EQ(exit_code(comparison(with(Verdict::unknown), with(Verdict::refuted, "effect"))), exit_refuted);
  EXPECT_EQ(exit_code(comparison(with(Verdict::refuted), with(Verdict::error, "crash"))), exit_error);
}

TEST(Comparison, what_is_better_or_as_bad_does_not) {
  const Comparison fixed = comparison(with(Verdict::refuted, "effect"), with(Verdict::proved));
  EXPECT_EQ(fixed.fixed.size(), 1U);
  EXPECT_EQ(exit_code(fixed), exit_ok);
  const Comparison changed = comparison(with(Verdict::unknown, "time"), with(Verdict::unsupported, "asm"));
  EXPECT_EQ(changed.changed.size(), 1U);
  EXPECT_EQ(exit_code(changed), exit_ok);
}

TEST(Comparison, a_new_function_that_is_open_is_new_and_one_that_is_gone_is_fixed) {
  report::Run more = with(Verdict::proved);
  more.images[0].functions.push_back(row_with(Verdict::unknown, "g", "time"));
  const Comparison added = comparison(with(Verdict::proved), more);
  ASSERT_EQ(added.worse.size(), 1U);
  EXPECT_EQ(added.worse[0].before, "absent");
  EXPECT_EQ(comparison(more, with(Verdict::proved)).fixed.at(0).after, "gone");
}

TEST(Comparison, a_new_failure_that_the_baseline_accepts_is_none_and_one_that_it_no_longer_accepts_is_new) {
  report::Run accepted = with(Verdict::unknown, "time");
  accepted.images[0].functions[0].baselined = true;
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved), accepted)), exit_ok);
  EXPECT_EQ(exit_code(comparison(accepted, with(Verdict::unknown, "time"))), exit_undecided);
}

TEST(Comparison, data_and_bytes_count) {
  report::Run data = with(Verdict::proved), bytes = data;
  data.images[0].data[0].result = DataResult::differs;
  bytes.images[0].bytes.unaccounted = 4;
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved), data)), exit_refuted);
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved), bytes)), exit_undecided);
  EXPECT_EQ(comparison(bytes, with(Verdict::proved)).fixed.size(), 1U);
}

TEST(Comparison, people_read_names_of_the_source) {
  report::Run before = with(Verdict::proved), after = with(Verdict::unknown, "time");
  for (report::Run* run : {&before, &after}) run->images[0].functions[0].display = "k::f";
  const Comparison c = comparison(before, after);
  EXPECT_NE(to_text(c).find("k::f of gcc: proved -> unknown [time]"), std::string::npos) << to_text(c);
  EXPECT_EQ(to_json(c).at("new").at(0).at("symbol"), "f");
  EXPECT_EQ(to_json(c).at("new").at(0).at("display"), "k::f");
}

TEST(Comparison, slower_is_by_factor_and_by_amount) {
  EXPECT_EQ(comparison(with(Verdict::proved, "", 2'000'000), with(Verdict::proved, "", 4'000'000)).slower.size(), 1U);
  EXPECT_TRUE(comparison(with(Verdict::proved, "", 2'000'000), with(Verdict::proved, "", 2'900'000)).slower.empty());
  EXPECT_TRUE(comparison(with(Verdict::proved, "", 10), with(Verdict::proved, "", 1000)).slower.empty());
  EXPECT_EQ(exit_code(comparison(with(Verdict::proved, "", 1), with(Verdict::proved, "", 4'000'000))), exit_ok);
}

TEST(Comparison, an_image_that_was_left_out_is_not_fixed) {
  report::Run one = with(Verdict::unknown), both = one;
  both.images.push_back(both.images[0]);
  both.images[1].id = "other";
  one.left_out = {"other"};
  EXPECT_EQ(compare(to_json(both), to_json(one)).error().code, "report-partial");
  EXPECT_EQ(comparison(one, both).worse.size(), 1U);
  EXPECT_TRUE(comparison(one, one).fixed.empty());
}

TEST(Comparison, partial_reports_cannot_be_compared) {
  const Json whole = to_json(passing_run());
  report::Run interrupted = passing_run(), selected = passing_run(), broken = passing_run(), empty = passing_run();
  interrupted.complete = false;
  selected.selection = true;
  broken.images[0].input_errors.push_back({"elf-not-elf", "no", {}});
  empty.images.clear();
  for (const report::Run& run : {interrupted, selected, broken, empty}) {
    EXPECT_EQ(compare(whole, to_json(run)).error().code, "report-partial");
    EXPECT_EQ(compare(to_json(run), whole).error().code, "report-partial");
  }
  EXPECT_EQ(compare(whole, Json::object()).error().code, "report-schema");
  EXPECT_EQ(compare(Json::array(), whole).error().code, "report-schema");
}

}  // namespace
}  // namespace validator::report
