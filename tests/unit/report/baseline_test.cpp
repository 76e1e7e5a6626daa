// SPDX-License-Identifier: Apache-2.0
#include "validator/report/baseline.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>

namespace validator::report {
namespace {

class BaselineFile : public ::testing::Test {
 protected:
  ir::Result<Baseline> read(const std::string& text) {
    const std::string path = ::testing::TempDir() + "symbolon_baseline_test." + std::to_string(::getpid()) + ".toml";
    std::ofstream(path) << text;
    ir::Result<Baseline> result = read_baseline(path);
    std::remove(path.c_str());
    return result;
  }
};

report::Run run_with(Verdict verdict) {
  report::Run run;
  run.images.resize(1);
  run.images[0].id = "gcc";
  run.images[0].sha256 = "00";
  run.images[0].functions.resize(1);
  run.images[0].functions[0].symbol = "f";
  run.images[0].functions[0].outcome.verdict = verdict;
  run.images[0].functions[0].outcome.reason = "time";
  return run;
}

constexpr const char* entry = "[[function]]\nimage = 'gcc'\nsymbol = 'f'\nverdict = 'unknown'\nnote = 'slow'\n";

TEST_F(BaselineFile, allows_exactly_the_verdict_it_names) {
  const ir::Result<Baseline> baseline = read(entry);
  ASSERT_TRUE(baseline);
  report::Run run = run_with(Verdict::unknown);
  apply_baseline(*baseline, run);
  EXPECT_TRUE(run.images[0].functions[0].baselined);
  EXPECT_TRUE(run.stale_baseline.empty());
  for (const Verdict other : {Verdict::proved, Verdict::refuted, Verdict::unsupported}) {
    report::Run changed = run_with(other);
    apply_baseline(*baseline, changed);
    EXPECT_FALSE(changed.images[0].functions[0].baselined);
    EXPECT_EQ(changed.stale_baseline.size(), 1U);
  }
}

TEST_F(BaselineFile, a_missing_function_is_stale_but_a_skipped_one_is_not) {
  const ir::Result<Baseline> baseline = read(entry);
  ASSERT_TRUE(baseline);
  report::Run run = run_with(Verdict::unknown);
  run.images[0].functions[0].symbol = "g";
  report::Run selected = run;
  selected.selection = true;
  apply_baseline(*baseline, run);
  apply_baseline(*baseline, selected);
  EXPECT_EQ(run.stale_baseline.size(), 1U);
  EXPECT_TRUE(selected.stale_baseline.empty());
}

TEST_F(BaselineFile, allows_what_was_left_out_for_its_entry_and_nothing_else_that_was_not_run) {
  const ir::Result<Baseline> baseline = read(entry);
  ASSERT_TRUE(baseline);
  for (const char* reason : {"baseline-skipped", "interrupted"}) {
    report::Run run = run_with(Verdict::not_run);
    run.images[0].functions[0].outcome.reason = reason;
    apply_baseline(*baseline, run);
    EXPECT_EQ(run.images[0].functions[0].baselined, std::string(reason) == "baseline-skipped");
    EXPECT_EQ(run.stale_baseline.empty(), std::string(reason) == "baseline-skipped");
  }
}

TEST_F(BaselineFile, an_entry_for_an_image_that_nobody_knows_is_an_error_that_names_the_nearest) {
  const ir::Result<Baseline> baseline = read(std::string("\n") + entry);
  ASSERT_TRUE(baseline);
  EXPECT_TRUE(check_images(*baseline, {"clang", "gcc"}));
  EXPECT_TRUE(check_images({}, {"clang"}));
  const ir::Result<bool> renamed = check_images(*baseline, {"clang", "gcc12"});
  ASSERT_FALSE(renamed);
  EXPECT_EQ(renamed.error().code, "config-invalid");
  EXPECT_NE(renamed.error().message.find("entry of 'f': unknown image 'gcc'"), std::string::npos) << renamed.error().message;
  EXPECT_NE(renamed.error().message.find("did you mean 'gcc12'?"), std::string::npos) << renamed.error().message;
  EXPECT_EQ(renamed.error().where.line, 2U);
  const ir::Result<bool> unlike = check_images(*baseline, {"clang"});
  ASSERT_FALSE(unlike);
  EXPECT_EQ(unlike.error().message.find("did you mean"), std::string::npos) << unlike.error().message;
}

TEST_F(BaselineFile, refuses_what_it_does_not_understand) {
  EXPECT_FALSE(read("[[function]]\nimage = 'gcc'\nsymbol = 'f'\nverdict = 'unknown'\n"));
  EXPECT_FALSE(read("[[function]]\nimage = 'gcc'\nsymbol = 'f'\nverdict = 'proved'\nnote = 'x'\n"));
  EXPECT_FALSE(read("[[function]]\nimage = 'gcc'\nsymbol = 'f'\nverdict = 'refuted'\nnote = 'x'\n"));
  EXPECT_TRUE(read("[[function]]\nimage = 'gcc'\nsymbol = 'f'\nverdict = 'refuted'\nnote = 'x'\nallow_refuted = true\n"));
  EXPECT_FALSE(read(std::string(entry) + "color = 'red'\n"));
  EXPECT_FALSE(read(std::string(entry) + entry));
  EXPECT_FALSE(read("[[function"));
}

TEST_F(BaselineFile, update_keeps_notes_and_leaves_new_refutations_out) {
  const ir::Result<Baseline> old = read(entry);
  ASSERT_TRUE(old);
  const ir::Result<Baseline> kept = read(updated_baseline(*old, run_with(Verdict::unknown), "2026-11-26"));
  ASSERT_TRUE(kept);
  ASSERT_EQ(kept->size(), 1U);
  EXPECT_EQ(kept->front().note, "slow");
  EXPECT_EQ(read(updated_baseline(*old, run_with(Verdict::refuted), "2026-11-26"))->size(), 0U);
  EXPECT_EQ(read(updated_baseline(*old, run_with(Verdict::proved), "2026-11-26"))->size(), 0U);
}

TEST_F(BaselineFile, update_dates_what_is_new_and_keeps_older_dates) {
  const ir::Result<Baseline> undated = read(updated_baseline({}, run_with(Verdict::unknown), "2026-11-26"));
  ASSERT_TRUE(undated) << undated.error().to_string();
  EXPECT_EQ(undated->at(0).date, "2026-11-26");
  const ir::Result<Baseline> old = read(std::string(entry) + "date = 2025-01-31\n");
  ASSERT_TRUE(old);
  EXPECT_EQ(read(updated_baseline(*old, run_with(Verdict::unknown), "2026-11-26"))->at(0).date, "2025-01-31");
  // Another verdict is another finding: its day is today.
  EXPECT_EQ(read(updated_baseline(*old, run_with(Verdict::unsupported), "2026-11-26"))->at(0).date, "2026-11-26");
  for (const char* wrong : {"'2026-11-26'", "26", "2026-13-40"}) EXPECT_FALSE(read(std::string(entry) + "date = " + wrong + "\n"));
}

TEST_F(BaselineFile, update_over_one_image_keeps_the_entries_of_others) {
  const ir::Result<Baseline> old = read("[[function]]\nimage = 'clang'\nsymbol = 'g'\nverdict = 'unknown'\nnote = 'other'\n");
  ASSERT_TRUE(old);
  const ir::Result<Baseline> updated = read(updated_baseline(*old, run_with(Verdict::proved), "2026-11-26"));
  ASSERT_TRUE(updated);
  ASSERT_EQ(updated->size(), 1U);
  EXPECT_EQ(updated->at(0).note, "other");
}

}  // namespace
}  // namespace validator::report
