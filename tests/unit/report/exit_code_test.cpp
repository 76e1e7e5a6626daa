// SPDX-License-Identifier: Apache-2.0
// Every row of the exit-code table of DESIGN.md section 8, and its precedence.
#include "validator/report/exit_code.hpp"

#include <gtest/gtest.h>

namespace validator::report {
namespace {

report::Run run_of(std::initializer_list<Verdict> verdicts) {
  report::Run run;
  run.images.resize(1);
  for (const Verdict verdict : verdicts) {
    run.images[0].functions.emplace_back();
    run.images[0].functions.back().outcome.verdict = verdict;
  }
  return run;
}

TEST(ExitCode, only_proved_assumed_and_inlined_pass) {
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::assumed, Verdict::inlined})), 0);
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::refuted})), 1);
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::unknown})), 3);
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::unsupported})), 3);
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::not_run})), 3);
  EXPECT_EQ(exit_code(run_of({Verdict::proved, Verdict::error})), 4);
}

TEST(ExitCode, precedence_is_4_1_5_3) {
  report::Run run = run_of({Verdict::unknown});
  run.stale_baseline = {"f of gcc: no such function"};
  EXPECT_EQ(exit_code(run), 5);
  run.images[0].functions.emplace_back();
  run.images[0].functions.back().outcome.verdict = Verdict::refuted;
  EXPECT_EQ(exit_code(run), 1);
  run.images[0].input_errors.push_back({"elf-not-elf", "", {}});
  EXPECT_EQ(exit_code(run), 4);
  run.complete = false;
  EXPECT_EQ(exit_code(run), 130);
}

TEST(ExitCode, interrupted_run_never_passes) {
  report::Run run = run_of({Verdict::proved});
  EXPECT_EQ(exit_code(run), 0);
  run.complete = false;
  EXPECT_EQ(exit_code(run), 130);
}

TEST(ExitCode, data_and_bytes_count) {
  report::Run run = run_of({Verdict::proved});
  run.images[0].data.resize(1);
  EXPECT_EQ(exit_code(run), 0);
  run.images[0].data[0].result = DataResult::differs;
  EXPECT_EQ(exit_code(run), 1);
  run.images[0].data.clear();
  run.images[0].bytes.unaccounted = 4;
  EXPECT_EQ(exit_code(run), 3);
  run.selection = true;
  EXPECT_EQ(exit_code(run), 0);
}

TEST(ExitCode, a_gate_lets_pass_what_is_lighter_and_nothing_else) {
  for (const int code : {exit_ok, exit_refuted, exit_usage, exit_undecided, exit_error, exit_stale, exit_interrupted}) {
    EXPECT_EQ(gated(code, Gate::undecided), code);
    EXPECT_EQ(gated(code, Gate::stale), code == exit_undecided ? exit_ok : code);
    EXPECT_EQ(gated(code, Gate::refuted), code == exit_undecided || code == exit_stale ? exit_ok : code);
  }
  EXPECT_EQ(gate_by_name("stale"), Gate::stale);
  EXPECT_FALSE(gate_by_name("never"));
}

TEST(ExitCode, nothing_looked_at_is_no_pass) {
  EXPECT_EQ(exit_code(report::Run{}), exit_usage);
  EXPECT_EQ(exit_code(run_of({})), exit_usage);
  report::Run run = run_of({Verdict::proved});
  run.images.emplace_back();
  EXPECT_EQ(exit_code(run), exit_usage);
  run.selection = true;
  EXPECT_EQ(exit_code(run), exit_ok);
}

TEST(ExitCode, baselined_rows_are_silent) {
  report::Run run = run_of({Verdict::refuted});
  run.images[0].functions[0].baselined = true;
  EXPECT_EQ(exit_code(run), 0);
}

}  // namespace
}  // namespace validator::report
