// SPDX-License-Identifier: Apache-2.0
// Annotations of the source in the web views of GitHub ("Workflow commands for GitHub Actions") and GitLab ("Code Quality",
// report format). Both show only some of them, so what is worst comes first. A file without a line would read as a pass of a
// run that never was: GitHub's has one for the run as a whole, GitLab's is empty only for a pass.
#include <fmt/format.h>

#include <algorithm>

#include "validator/report/findings.hpp"
#include "validator/report/formats.hpp"
#include "validator/report/json.hpp"

namespace validator::report {
namespace {

std::vector<Finding> worst_first(const Run& run) {
  std::vector<Finding> list = findings(run);
  const auto rank = [](const Finding& f) { return f.accepted ? 3 : f.kind == FindingKind::run ? 0 : f.error ? 1 : 2; };
  std::stable_sort(list.begin(), list.end(), [&](const Finding& a, const Finding& b) { return rank(a) < rank(b); });
  return list;
}

/// A property of a workflow command ends at ',' and ':', its text at the end of the line.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || c == '%' || (property && (c == ':' || c == ','))) result += fmt::format("%{:02X}", byte);
    else result += c;
  }
  return result;
}

std::string with_image(const Finding& finding) {
  return finding.image.empty() ? finding.text : fmt::format("[{}] {}", finding.image, finding.text);
}

}  // namespace

std::string to_github(const Run& run, const Context& context) {
  const Summary counts = summarise(run);
  std::string text = fmt::format("::{} title=Symbolon::{}, {} of {} functions proved\n", passes(run) ? "notice" : "error",
                                 passes(run) ? "passed" : "not passed", counts.count(Verdict::proved), counts.functions);
  for (const Finding& finding : worst_first(run)) {
    std::string place;
    if (!finding.where.file.empty()) {
      place = fmt::format("file={},", escaped(shown_path(finding.where.file, context.folder), true));
      if (finding.where.line != 0) place += fmt::format("line={},", finding.where.line);
    }
    text += fmt::format("::{} {}title={}::{}\n", finding.accepted ? "notice" : finding.error ? "error" : "warning", place,
                        escaped("Symbolon: " + finding.code, true), escaped(with_image(finding), false));
  }
  return text;
}

std::string to_gitlab(const Run& run, const Context& context) {
  Json list = Json::array();
  for (const Finding& finding : worst_first(run)) {
    // The format demands a place. What has none is said of the image, or of the folder.
    std::string path = shown_path(finding.where.file, context.folder);
    for (const ImageRow& image : run.images) {
      if (path.empty() && image.id == finding.image) path = shown_path(image.elf, context.folder);
    }
    Json location = {{"path", path.empty() ? "." : path}, {"lines", {{"begin", std::max(1U, finding.where.line)}}}};
    list.push_back({{"description", with_image(finding)},
                    {"check_name", finding.code},
                    {"fingerprint", fingerprint(finding)},
                    {"severity", finding.accepted ? "info" : finding.error ? "blocker" : "major"},
                    {"location", std::move(location)}});
  }
  return to_text(list);
}

}  // namespace validator::report
