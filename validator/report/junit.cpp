// SPDX-License-Identifier: Apache-2.0
// JUnit XML. What concerns an image or the run as a whole is a test case of its own, which is there in every report, so that
// its absence means nothing.
#include <fmt/format.h>

#include "validator/report/findings.hpp"
#include "validator/report/formats.hpp"

namespace validator::report {
namespace {

/// Text for an attribute or an element; XML has no way to write most control characters.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '&') result += "&amp;";
    else if (c == '<') result += "&lt;";
    else if (c == '>') result += "&gt;";
    else if (c == '"') result += "&quot;";
    else if (c == '\n') result += "&#10;";
    else if (byte < 0x20 || byte >= 0x7f) result += fmt::format("\\x{:02x}", byte);
    else result += c;
  }
  return result;
}

class Suite {
 public:
  explicit Suite(std::string name) : name_(std::move(name)) {}

  /// One test case. Tag: "" (passed), "skipped", "failure" or "error".
  void add(const std::string& attributes, std::string_view tag, const std::string& type, const std::string& text) {
    ++tests_;
    failures_ += tag == "failure";
    errors_ += tag == "error";
    skipped_ += tag == "skipped";
    body_ += fmt::format("    <testcase {}", attributes);
    if (tag.empty()) body_ += "/>\n";
    else if (tag == "skipped") body_ += fmt::format("><skipped message=\"{}\"/></testcase>\n", escaped(text));
    else body_ += fmt::format("><{0} type=\"{1}\" message=\"{2}\">{2}</{0}></testcase>\n", tag, escaped(type), escaped(text));
  }

  std::string text() const {
    return fmt::format("  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n{}  </testsuite>\n",
                       escaped(name_), tests_, failures_, errors_, skipped_, body_);
  }

 private:
  std::string name_, body_;
  unsigned tests_ = 0, failures_ = 0, errors_ = 0, skipped_ = 0;
};

void add_function(Suite& suite, const ImageRow& image, const FunctionRow& row, const Context& context) {
  const Outcome& outcome = row.outcome;
  std::string attributes = fmt::format("classname=\"{}.{}\" name=\"{}\"", escaped(image.id),
                                       escaped(shown_path(row.unit, context.folder)), escaped(row.symbol));
  if (!row.source.file.empty()) {
    attributes += fmt::format(" file=\"{}\" line=\"{}\"", escaped(shown_path(row.source.file, context.folder)), row.source.line);
  }
  std::string text = fmt::format("{} is {}", row.display, verdict_name(outcome.verdict));
  if (!outcome.reason.empty()) text += fmt::format(" [{}]", outcome.reason);
  if (!outcome.text.empty()) text += ": " + outcome.text;
  if (outcome.verdict == Verdict::proved) suite.add(attributes, "", "", "");
  else if (row.baselined) suite.add(attributes, "skipped", "", fmt::format("{} (in the baseline: {})", text, row.baseline_note));
  else if (is_settled(outcome.verdict)) suite.add(attributes, "skipped", "", text);
  else suite.add(attributes, outcome.verdict == Verdict::error ? "error" : "failure", outcome.reason, text);
}

/// One case for all findings of a kind.
void add_whole(Suite& suite, const std::string& name, const std::vector<Finding>& list, FindingKind kind, const std::string& image,
               const Context& context) {
  std::string text, code;
  for (const Finding& finding : list) {
    if (finding.kind != kind || finding.image != image) continue;
    text += text.empty() ? "" : "\n";
    if (!finding.where.file.empty()) {
      text += fmt::format("{}:{}: ", shown_path(finding.where.file, context.folder), finding.where.line);
    }
    text += finding.text;
    if (code.empty()) code = finding.code;
  }
  suite.add(fmt::format("classname=\"symbolon\" name=\"{}\"", escaped(name)), text.empty() ? "" : "failure", code, text);
}

}  // namespace

std::string to_junit(const Run& run, const Context& context) {
  const std::vector<Finding> list = findings(run);
  std::string text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"symbolon\">\n";
  Suite whole("run");
  add_whole(whole, "the run is complete", list, FindingKind::run, "", context);
  text += whole.text();
  for (const ImageRow& image : run.images) {
    Suite suite(image.id);
    add_whole(suite, "input and code bytes of " + image.id, list, FindingKind::image, image.id, context);
    add_whole(suite, "initialised data of " + image.id, list, FindingKind::data, image.id, context);
    for (const FunctionRow& row : image.functions) add_function(suite, image, row, context);
    text += suite.text();
  }
  return text + "</testsuites>\n";
}

}  // namespace validator::report
