// SPDX-License-Identifier: Apache-2.0
#include "validator/report/findings.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace validator::report {
namespace {

void add_functions(const ImageRow& image, std::vector<Finding>& list) {
  for (const FunctionRow& row : image.functions) {
    const Outcome& outcome = row.outcome;
    if (is_settled(outcome.verdict)) continue;
    Finding finding;
    finding.error = outcome.verdict == Verdict::refuted || outcome.verdict == Verdict::error;
    finding.accepted = row.baselined;
    finding.image = image.id;
    finding.symbol = row.symbol;
    finding.code = outcome.reason.empty() ? std::string(verdict_name(outcome.verdict))
                                          : outcome.reason.substr(0, outcome.reason.find(':'));
    finding.text = fmt::format("{} is {}: {}", row.display, verdict_name(outcome.verdict),
                               outcome.text.empty() ? outcome.reason : outcome.text);
    finding.note = row.baseline_note;
    finding.where = row.source;
    list.push_back(std::move(finding));
  }
}

void add_data(const ImageRow& image, bool selection, std::vector<Finding>& list) {
  for (const DataRow& row : image.data) {
    const bool differs = row.result == DataResult::differs;
    if (!differs && (selection || row.result != DataResult::unsupported)) continue;
    const std::string text = fmt::format("{}: {}", row.symbol, row.text);
    list.push_back({FindingKind::data, differs, false, image.id, row.symbol, differs ? "data-differs" : "data-unsupported", text,
                    "", row.source});
  }
}

}  // namespace

bool is_settled(Verdict verdict) {
  return verdict == Verdict::proved || verdict == Verdict::assumed || verdict == Verdict::inlined;
}

std::vector<Finding> findings(const Run& run) {
  std::vector<Finding> list;
  for (const ImageRow& image : run.images) {
    for (const ir::Error& error : image.input_errors) {
      list.push_back({FindingKind::image, true, false, image.id, "", error.code, error.message, "", error.where});
    }
    add_functions(image, list);
    add_data(image, run.selection, list);
    if (!run.selection && image.bytes.unaccounted != 0) {
      const std::string text = fmt::format("{} bytes of code belong to no function, literal or padding", image.bytes.unaccounted);
      list.push_back({FindingKind::image, false, false, image.id, "", "unaccounted", text, "", {}});
    }
  }
  for (const std::string& entry : run.stale_baseline) {
    list.push_back({FindingKind::run, true, false, "", "", "baseline-stale", "stale baseline entry: " + entry, "", {}});
  }
  if (!run.complete) {
    list.push_back({FindingKind::run, true, false, "", "", "interrupted", "interrupted: these are partial results", "", {}});
  }
  if (summarise(run).functions == 0) {
    list.push_back({FindingKind::run, true, false, "", "", "nothing-selected", "no function was looked at", "", {}});
  }
  for (const std::string& image : images_without_functions(run)) {
    list.push_back({FindingKind::image, true, false, image, "", "nothing-selected", "the image has no function", "", {}});
  }
  if (run.selection) {
    const std::string text = "only selected functions were looked at";
    list.push_back({FindingKind::run, false, false, "", "", "selection-only", text, "", {}});
  }
  for (const std::string& image : run.left_out) {
    list.push_back({FindingKind::run, false, false, "", "", "image-left-out", fmt::format("image '{}' was not looked at", image), "", {}});
  }
  return list;
}

std::string fingerprint(const Finding& finding) {
  return fmt::format("{}/{}/{}", finding.image, finding.symbol.empty() ? finding.text : finding.symbol, finding.code);
}

bool passes(const Run& run) {
  const std::vector<Finding> list = findings(run);
  return std::all_of(list.begin(), list.end(), [](const Finding& f) { return f.accepted; });
}

std::string shown_path(const std::string& path, const std::string& folder) {
  if (path.empty()) return path;
  const std::filesystem::path relative = std::filesystem::path(path).lexically_normal().lexically_relative(folder);
  return relative.empty() || *relative.begin() == ".." ? path : relative.generic_string();
}

}  // namespace validator::report
