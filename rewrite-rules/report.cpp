// SPDX-License-Identifier: Apache-2.0
// Text for the terminal.
#include <algorithm>
#include <iterator>

#include <fmt/format.h>

#include "rewrite-rules/rules.hpp"

namespace rules {

std::string_view verdict_name(RuleVerdict verdict) {
  switch (verdict) {
    case RuleVerdict::proved: return "proved";
    case RuleVerdict::unsound: return "unsound";
    case RuleVerdict::wrong_not_refuted: return "wrong-not-refuted";
    case RuleVerdict::vacuous: return "vacuous";
    case RuleVerdict::redundant: return "redundant";
    case RuleVerdict::not_decreasing: return "not-decreasing";
    case RuleVerdict::unmatchable: return "unmatchable";
    case RuleVerdict::undecided: return "undecided";
  }
  return "?";
}

std::string to_text(const std::vector<RuleInfo>& rules) {
  std::string out;
  for (const RuleInfo& rule : rules) {
    out += fmt::format("{}  ({} instances, w = {})\n  {}\n  = {}\n  origin: {}\n", rule.name, rule.instances,
                       fmt::join(rule.widths, " "), rule.match, rule.result, rule.origin);
  }
  return out + fmt::format("{} rules\n", rules.size());
}

std::string to_text(const ProofReport& report) {
  std::string out;
  std::size_t proved = 0;
  for (const RuleProof& rule : report.rules) {
    const bool good = rule.verdict == RuleVerdict::proved;
    proved += good ? 1 : 0;
    if (good) {
      out += fmt::format("{:<17} {}  ({} instances, {} points at widths 1 to 6)\n", verdict_name(rule.verdict), rule.name,
                         rule.instances, rule.exhaustive_points);
    } else {
      const ir::Error error{std::string("rules-") + std::string(verdict_name(rule.verdict)),
                            "rule '" + rule.name + "': " + rule.text, rule.where};
      out += fmt::format("{:<17} {}\n  {}\n", verdict_name(rule.verdict), rule.name, error.to_string());
    }
  }
  return out + fmt::format("{} of {} rules proved\n", proved, report.rules.size());
}

}  // namespace rules
