// SPDX-License-Identifier: Apache-2.0
// SARIF 2.1.0. Findings that concern no place (an interrupted run, ...) are results and notifications both: many readers show
// only results.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "validator/report/exit_code.hpp"
#include "validator/report/findings.hpp"
#include "validator/report/formats.hpp"
#include "validator/report/json.hpp"
#include "validator/report/reasons.hpp"

namespace validator::report {
namespace {

/// A path as a URI reference; an absolute one needs its scheme.
std::string uri(const std::string& path) {
  std::string text = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/+").find(c) != std::string_view::npos;
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return text;
}

Json rules_json(const std::vector<Finding>& list) {
  std::set<std::string> codes;
  for (const Finding& finding : list) codes.insert(finding.code);
  Json rules = Json::array();
  for (const std::string& code : codes) {
    Json rule = {{"id", code}};
    if (const Reason* reason = find_reason(code)) {
      rule["shortDescription"] = {{"text", reason->meaning}};
      rule["help"] = {{"text", reason->action}};
    }
    rules.push_back(std::move(rule));
  }
  return rules;
}

Json result_json(const Finding& finding, const Context& context) {
  Json result;
  result["ruleId"] = finding.code;
  result["level"] = finding.error ? "error" : "warning";
  result["message"] = {{"text", finding.image.empty() ? finding.text : fmt::format("[{}] {}", finding.image, finding.text)}};
  Json location = Json::object();
  if (!finding.where.file.empty()) {
    location["physicalLocation"] = {{"artifactLocation", {{"uri", uri(shown_path(finding.where.file, context.folder))}}}};
    if (finding.where.line != 0) location["physicalLocation"]["region"] = {{"startLine", finding.where.line}};
  }
  if (!finding.symbol.empty()) {
    location["logicalLocations"] = Json::array(
        {{{"fullyQualifiedName", finding.symbol}, {"kind", finding.kind == FindingKind::data ? "variable" : "function"}}});
  }
  if (!location.empty()) result["locations"] = Json::array({std::move(location)});
  result["partialFingerprints"] = {{"symbolAndReason/v1", fingerprint(finding)}};
  // All results must have the property as soon as one has it.
  result["suppressions"] = Json::array();
  if (finding.accepted) {
    result["suppressions"].push_back({{"kind", "external"}, {"status", "accepted"}, {"justification", finding.note}});
  }
  return result;
}

}  // namespace

std::string to_sarif(const Run& run, const Context& context) {
  const std::vector<Finding> list = findings(run);
  Json results = Json::array(), notifications = Json::array();
  for (const Finding& finding : list) {
    results.push_back(result_json(finding, context));
    if (finding.kind == FindingKind::function || finding.kind == FindingKind::data) continue;
    notifications.push_back({{"level", finding.error ? "error" : "warning"},
                             {"message", {{"text", finding.text}}},
                             {"descriptor", {{"id", finding.code}}}});
  }
  const int code = exit_code(run);
  const bool ended = code != exit_interrupted && code != exit_error && code != exit_usage;
  Json invocation = {{"executionSuccessful", ended && !is_partial(run)},
                     {"exitCode", code},
                     {"toolExecutionNotifications", std::move(notifications)}};
  Json driver = {{"name", "symbolon"}, {"rules", rules_json(list)}};
  if (!run.tool.empty()) driver["fullName"] = fmt::format("{}", fmt::join(run.tool, ", "));
  const Summary counts = summarise(run);
  Json properties = {{"passed", passes(run)}, {"functions", counts.functions}};
  for (std::size_t i = 0; i < verdict_count; ++i) {
    properties[std::string(verdict_name(static_cast<Verdict>(i)))] = counts.by_verdict[i];
  }
  Json sarif;
  sarif["$schema"] = "https://json.schemastore.org/sarif-2.1.0.json";
  sarif["version"] = "2.1.0";
  sarif["runs"] = Json::array({{{"tool", {{"driver", std::move(driver)}}},
                                {"invocations", Json::array({std::move(invocation)})},
                                {"results", std::move(results)},
                                {"properties", std::move(properties)}}});
  return to_text(sarif);
}

}  // namespace validator::report
