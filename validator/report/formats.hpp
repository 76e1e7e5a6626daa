// SPDX-License-Identifier: Apache-2.0
// Reports in the formats that other tools read: a new one is a function and a row of the table. All are views of one Run;
// none but HTML has times in it (JSON: in an object of their own): two runs over the same input give the same bytes.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "validator/report/report.hpp"

namespace validator::report::html {
class Pages;
}

namespace validator::report {

/// What a writer may use besides the run.
struct Context {
  std::string folder;  ///< paths below it are shown from it
  const html::Pages* pages = nullptr;  ///< HTML: what was drawn of each function; null: only the overview
};

struct Format {
  std::string_view name;  ///< of the option (--NAME FILE) and of the key under [reports]
  std::string_view help;
  std::string (*text)(const Run&, const Context&);
};

std::span<const Format> formats();

std::string to_json_text(const Run& run, const Context& context);
/// SARIF 2.1.0. A result's fingerprint is image, symbol and reason code, so that it survives shifted lines.
std::string to_sarif(const Run& run, const Context& context);
/// JUnit XML: a suite for each image and one for the run as a whole. Only `proved` reads as passed; what is accepted without a
/// proof (assumed, inlined, in the baseline) is skipped.
std::string to_junit(const Run& run, const Context& context);
/// A summary for a pull request.
std::string to_markdown(const Run& run, const Context& context);
/// GitHub's workflow commands, one a line: what a job prints becomes an annotation of the source.
std::string to_github(const Run& run, const Context& context);
/// A page to look at, with pictures, and with times.
std::string to_html(const Run& run, const Context& context);
/// GitLab's code quality report.
std::string to_gitlab(const Run& run, const Context& context);

}  // namespace validator::report
