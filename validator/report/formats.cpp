// SPDX-License-Identifier: Apache-2.0
#include "validator/report/formats.hpp"

#include "validator/report/html/document.hpp"
#include "validator/report/json.hpp"

namespace validator::report {
namespace {

constexpr Format rows[] = {
    {"json", "Write the report as JSON (validator/report/report.schema.json)", to_json_text},
    {"html", "Write a page to look at: source, machine code, graphs and counterexamples", to_html},
    {"sarif", "Write what is not proved as SARIF 2.1.0", to_sarif},
    {"junit", "Write a test case for each function as JUnit XML", to_junit},
    {"markdown", "Write a summary for a pull request", to_markdown},
    {"github", "Write annotations for GitHub, as a job must print them", to_github},
    {"gitlab", "Write a code quality report for GitLab", to_gitlab},
};

}  // namespace

std::span<const Format> formats() { return rows; }

std::string to_html(const Run& run, const Context& context) {
  const html::Pages none;
  return html::document(run, context.pages == nullptr ? none : *context.pages);
}

std::string to_json_text(const Run& run, const Context&) { return to_text(to_json(run)); }

}  // namespace validator::report
