// SPDX-License-Identifier: Apache-2.0
// Each format, read as its readers read it: only a run that passes looks like one. A new row of the table needs a reader here.
#include "validator/report/formats.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>

#include "tests/unit/report/runs.hpp"
#include "validator/report/exit_code.hpp"
#include "validator/report/json.hpp"

namespace validator::report {
namespace {

const Context context{"/src/k"};

bool json_passes(const std::string& text) { return Json::parse(text).at("passed").get<bool>(); }

/// Either view is that of some reader: the results alone, and the invocation alone.
bool sarif_passes(const std::string& text) {
  const Json run = Json::parse(text).at("runs").at(0);
  const Json& results = run.at("results");
  const bool by_results =
      std::all_of(results.begin(), results.end(), [](const Json& r) { return !r.at("suppressions").empty(); });
  const Json& invocation = run.at("invocations").at(0);
  const bool by_invocation = invocation.at("executionSuccessful").get<bool>() && invocation.at("exitCode") == 0;
  EXPECT_EQ(by_results, by_invocation) << text;
  EXPECT_EQ(by_results, run.at("properties").at("passed").get<bool>());
  return by_results || by_invocation;
}

std::size_t count(const std::string& text, const std::string& what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++found;
  return found;
}

bool junit_passes(const std::string& text) {
  EXPECT_GT(count(text, "<testcase "), 0U);
  const bool by_cases = count(text, "<failure ") + count(text, "<error ") == 0;
  const bool by_counts = count(text, " failures=\"0\"") == count(text, "<testsuite ") &&
                         count(text, " errors=\"0\"") == count(text, "<testsuite ");
  EXPECT_EQ(by_cases, by_counts) << text;
  return by_cases || by_counts;
}

bool markdown_passes(const std::string& text) { return text.starts_with("### Symbolon: passed\n"); }

bool github_passes(const std::string& text) {
  EXPECT_FALSE(text.empty());
  return count("\n" + text, "\n::error ") + count("\n" + text, "\n::warning ") == 0;
}

bool gitlab_passes(const std::string& text) {
  const Json list = Json::parse(text);
  return std::all_of(list.begin(), list.end(), [](const Json& entry) { return entry.at("severity") == "info"; });
}

/// What a browser without scripts shows; tests/html reads the rest in one that has them.
bool html_passes(const std::string& text) { return count(text, "<h1>Symbolon: passed</h1>") != 0; }

const std::map<std::string_view, bool (*)(const std::string&)> readers = {
    {"json", json_passes},     {"sarif", sarif_passes},   {"junit", junit_passes},
    {"markdown", markdown_passes}, {"github", github_passes}, {"gitlab", gitlab_passes},
    {"html", html_passes},
};

TEST(Formats, each_has_a_reader_here) {
  EXPECT_EQ(formats().size(), readers.size());
  for (const Format& format : formats()) EXPECT_TRUE(readers.contains(format.name)) << format.name;
}

TEST(Formats, a_pass_reads_as_one) {
  for (const Format& format : formats()) {
    EXPECT_TRUE(readers.at(format.name)(format.text(passing_run(), context))) << format.name;
  }
}

TEST(Formats, nothing_else_reads_as_a_pass) {
  for (const auto& [name, run] : runs_that_fail()) {
    for (const Format& format : formats()) {
      EXPECT_FALSE(readers.at(format.name)(format.text(run, context))) << format.name << ": " << name;
    }
  }
}

TEST(Formats, are_reproducible) {
  for (const Format& format : formats()) {
    if (format.name == "json" || format.name == "html") continue;  // json's times stand apart: json_test; html shows them
    report::Run slow = passing_run();
    slow.seconds = 99;
    slow.images[0].functions[0].outcome.seconds = 7;
    slow.images[0].functions[0].from_cache = true;
    EXPECT_EQ(format.text(passing_run(), context), format.text(slow, context)) << format.name;
  }
}

Run refuted_run() {
  report::Run run = passing_run();
  run.images[0].functions[0] = row_with(Verdict::refuted, "bad", "effect:x");
  return run;
}

TEST(Sarif, has_place_rule_and_suppression) {
  const Json run = Json::parse(to_sarif(refuted_run(), context)).at("runs").at(0);
  ASSERT_EQ(run.at("results").size(), 2U);
  const Json& bad = run.at("results").at(0);
  EXPECT_EQ(bad.at("ruleId"), "effect");
  EXPECT_EQ(bad.at("level"), "error");
  const Json& physical = bad.at("locations").at(0).at("physicalLocation");
  EXPECT_EQ(physical.at("artifactLocation").at("uri"), "main.c");
  EXPECT_EQ(physical.at("region").at("startLine"), 7);
  EXPECT_EQ(bad.at("partialFingerprints").at("symbolAndReason/v1"), "gcc/bad/effect");
  EXPECT_EQ(run.at("results").at(1).at("suppressions").at(0).at("justification"), "nested loop");
  const Json& rules = run.at("tool").at("driver").at("rules");
  EXPECT_TRUE(std::any_of(rules.begin(), rules.end(), [](const Json& r) { return r.at("id") == "effect"; }));
}

TEST(Sarif, paths_are_uris) {
  report::Run run = refuted_run();
  run.images[0].functions[0].source.file = "/else where/a%b.c";
  EXPECT_NE(to_sarif(run, context).find("\"file:///else%20where/a%25b.c\""), std::string::npos);
}

TEST(Junit, what_is_not_proved_is_never_plainly_passed) {
  const std::string text = to_junit(refuted_run(), context);
  EXPECT_NE(text.find("name=\"bad\" file=\"main.c\" line=\"7\"><failure type=\"effect:x\""), std::string::npos) << text;
  EXPECT_EQ(count(text, "<skipped "), 3U) << text;  // assumed, inlined, in the baseline
  EXPECT_EQ(count(text, "text of &lt;effect:x&gt; &amp; &quot;more&quot;&#10;"), 2U) << text;
}

TEST(Markdown, names_cannot_become_markup) {
  report::Run run = refuted_run();
  run.images[0].functions[0].display = "operator|<b>*x*";
  const std::string text = to_markdown(run, context);
  EXPECT_EQ(text.find("<b>"), std::string::npos);
  std::istringstream lines(text);
  std::size_t rows = 0;
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| gcc | effect")) continue;
    ++rows;
    EXPECT_EQ(count(line, "|"), 5U) << line;
  }
  EXPECT_EQ(rows, 1U);
}

TEST(Github, one_line_each_with_its_place_worst_first) {
  report::Run run = refuted_run();
  run.images[0].functions.insert(run.images[0].functions.begin(), row_with(Verdict::unknown, "open", "time"));
  run.images[0].functions[1].source.file = "/src/k/a,b:c.c";
  std::istringstream lines(to_github(run, context));
  std::vector<std::string> list;
  for (std::string line; std::getline(lines, line);) list.push_back(line);
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list[0], "::error title=Symbolon::not passed, 0 of 5 functions proved");
  EXPECT_TRUE(list[1].starts_with("::error file=a%2Cb%3Ac.c,line=7,title=Symbolon%3A effect::[gcc] bad is refuted")) << list[1];
  EXPECT_NE(list[1].find("%0A|"), std::string::npos);
  EXPECT_TRUE(list[2].starts_with("::warning file=main.c,line=7,")) << list[2];
  EXPECT_TRUE(list[3].starts_with("::notice ")) << list[3];
}

TEST(Gitlab, every_entry_has_what_the_format_demands) {
  report::Run run = refuted_run();
  run.complete = false;
  run.images[0].bytes.unaccounted = 4;
  const Json list = Json::parse(to_gitlab(run, context));
  ASSERT_EQ(list.size(), 4U);
  EXPECT_EQ(list.at(0).at("check_name"), "interrupted");
  EXPECT_EQ(list.at(0).at("location").at("path"), ".");
  EXPECT_EQ(list.at(1).at("location").at("path"), "main.c");
  EXPECT_EQ(list.at(1).at("location").at("lines").at("begin"), 7);
  EXPECT_EQ(list.at(2).at("location").at("path"), "build/k.elf");
  EXPECT_EQ(list.at(3).at("severity"), "info");
}

}  // namespace
}  // namespace validator::report
