// SPDX-License-Identifier: Apache-2.0
#include "validator/report/steps.hpp"

#include <fmt/format.h>

#include <sstream>

namespace validator::report {
namespace {

/// The words of a line after its first.
std::string rest_of(std::istringstream& line) {
  std::string text;
  std::getline(line >> std::ws, text);
  return text;
}

std::vector<std::string> list_of(const std::string& text) {
  std::istringstream stream(text);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// One line of a certificate (check/README.md) as a sentence; empty for lines that say nothing by themselves.
std::string sentence(const std::string& line) {
  std::istringstream stream(line);
  std::string kind;
  stream >> kind;
  const std::string rest = rest_of(stream);
  const std::vector<std::string> words = list_of(rest);
  const auto word = [&](std::size_t i) { return i < words.size() ? words[i] : std::string("?"); };
  if (kind == "inline") return fmt::format("calls of {} are inlined on both sides", rest);
  if (kind == "peel" || kind == "unroll") {
    return fmt::format("loop shape: the {} loop at node {} is {} by {}", word(0), word(1), kind == "peel" ? "peeled" : "unrolled", word(2));
  }
  if (kind == "rotate") return fmt::format("loop shape: rotated ({})", rest);
  if (kind == "cut") return fmt::format("paired: source node {} with binary node {}; the proof goes on from any visit", word(0), word(1));
  if (kind == "source") return fmt::format("  changes there, source: {}", rest);
  if (kind == "binary") return fmt::format("  changes there, binary: {}", rest);
  if (kind == "memory") return "  changes there: visible memory";
  if (kind == "relation") {
    std::size_t at = rest.find('(');
    if (at == std::string::npos) at = rest.rfind(' ') == std::string::npos ? 0 : rest.rfind(' ') + 1;
    return fmt::format("  relation, proved on entry and at each way back: {} = {}", word(0), rest.substr(at));
  }
  if (kind == "invariant") return fmt::format("  holds at each visit: {}", rest);
  if (kind == "placement") return fmt::format("escaped local {} lies at {} from the entry SP", word(0), word(1));
  if (kind == "meeting") return fmt::format("a join of the binary (node {}) is where the source is", word(0));
  return {};
}

}  // namespace

std::vector<std::string> steps_of(const Outcome& outcome) {
  std::vector<std::string> list;
  if (!outcome.inlined_sources.empty()) list.push_back(fmt::format("inlined in the source: {}", fmt::join(outcome.inlined_sources, ", ")));
  if (!outcome.covers.empty()) list.push_back(fmt::format("code proved as a part: {}", fmt::join(outcome.covers, ", ")));
  std::istringstream certificate(outcome.certificate);
  for (std::string line; std::getline(certificate, line);) {
    if (std::string text = sentence(line); !text.empty()) list.push_back(std::move(text));
  }
  if (outcome.obligations != 0 || outcome.queries != 0) {
    list.push_back(fmt::format("{} obligations, {} of them closed as equal terms; {} queries to the solver, {} units", outcome.obligations,
                               outcome.syntactic, outcome.queries, outcome.solver_units));
  }
  for (const Assumption& a : outcome.assumptions) list.push_back(fmt::format("assumes {}: {}", a.id, a.scope));
  if (!outcome.contract.empty()) list.push_back(fmt::format("contract: {}", outcome.contract));
  if (outcome.verdict != Verdict::proved) {
    for (const std::string& line : outcome.details) list.push_back(line);
  }
  return list;
}

}  // namespace validator::report
