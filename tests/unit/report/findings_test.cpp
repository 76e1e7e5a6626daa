// SPDX-License-Identifier: Apache-2.0
#include "validator/report/findings.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "tests/unit/report/runs.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/reasons.hpp"

namespace validator::report {
namespace {

TEST(Findings, a_pass_has_only_accepted_ones) {
  const std::vector<Finding> list = findings(passing_run());
  ASSERT_EQ(list.size(), 1U);
  EXPECT_TRUE(list[0].accepted);
  EXPECT_EQ(list[0].note, "nested loop");
  EXPECT_TRUE(passes(passing_run()));
  EXPECT_EQ(exit_code(passing_run()), exit_ok);
}

TEST(Findings, are_there_exactly_when_the_exit_code_is_not_0) {
  for (const auto& [name, run] : runs_that_fail()) {
    EXPECT_FALSE(passes(run)) << name;
    // A selection gates what it selects; its reports say that they are about no more.
    EXPECT_EQ(exit_code(run) == exit_ok, name.starts_with("a selection") || name == "an image left out") << name;
  }
}

TEST(Findings, errors_are_those_that_outweigh_doubt) {
  for (const auto& [name, run] : runs_that_fail()) {
    const std::vector<Finding> list = findings(run);
    const bool error = std::any_of(list.begin(), list.end(), [](const Finding& f) { return f.error && !f.accepted; });
    const int code = exit_code(run);
    EXPECT_EQ(error, code != exit_ok && code != exit_undecided) << name;
  }
}

TEST(Findings, codes_of_their_own_have_rows) {
  for (const auto& [name, run] : runs_that_fail()) {
    for (const Finding& finding : findings(run)) {
      EXPECT_TRUE(finding.kind == FindingKind::function || find_reason(finding.code) != nullptr) << finding.code;
    }
  }
}

TEST(Findings, fingerprints_survive_shifted_lines_and_tell_findings_apart) {
  report::Run run = passing_run();
  run.images[0].functions.push_back(row_with(Verdict::unknown, "other", "time"));
  run.images[0].functions.push_back(row_with(Verdict::refuted, "third", "effect:x"));
  run.images[0].input_errors.push_back({"parse-error", "expected ';'", {"/src/k/main.c", 3, 4}});
  run.images.push_back(run.images[0]);
  run.images[1].id = "clang";
  run.stale_baseline = {"a of gcc: no such function", "b of gcc: no such function"};
  report::Run shifted = run;
  for (ImageRow& image : shifted.images) {
    for (FunctionRow& row : image.functions) row.source.line += 11;
    image.input_errors[0].where.line += 11;
  }
  const std::vector<Finding> before = findings(run), after = findings(shifted);
  ASSERT_EQ(before.size(), after.size());
  std::set<std::string> all;
  for (std::size_t i = 0; i < before.size(); ++i) {
    EXPECT_EQ(fingerprint(before[i]), fingerprint(after[i]));
    all.insert(fingerprint(before[i]));
  }
  EXPECT_EQ(all.size(), before.size());
}

TEST(Findings, paths_are_shown_from_the_folder) {
  EXPECT_EQ(shown_path("/src/k/a.c", "/src/k"), "a.c");
  EXPECT_EQ(shown_path("/src/k/x/../a.c", "/src/k"), "a.c");
  EXPECT_EQ(shown_path("/src/kk/a.c", "/src/k"), "/src/kk/a.c");
  EXPECT_EQ(shown_path("a.c", "/src/k"), "a.c");
  EXPECT_EQ(shown_path("", "/src/k"), "");
}

}  // namespace
}  // namespace validator::report
