// SPDX-License-Identifier: Apache-2.0
// The summary for a pull request: the answer first, counts, then what is open. Names and texts come from sources and may have
// any characters; none must become markup.
#include <fmt/format.h>

#include "validator/report/exit_code.hpp"
#include "validator/report/findings.hpp"
#include "validator/report/formats.hpp"

namespace validator::report {
namespace {

constexpr std::size_t longest_list = 100;

std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) result += ' ';
    else if (std::string_view("\\`*_{}[]()<>#+-!|~&@$").find(c) != std::string_view::npos) {
      result += fmt::format("&#{};", static_cast<unsigned>(c));
    } else result += c;
  }
  return result;
}

std::string answer(const Run& run, bool empty) {
  if (!run.complete) return "INTERRUPTED: these are partial results";
  if (empty) return "NOTHING was looked at";
  if (const int code = exit_code(run); code != exit_ok) return fmt::format("not passed (exit code {})", code);
  return is_partial(run) ? "PARTIAL: what was selected passed, the rest was not looked at" : "passed";
}

std::string place(const Finding& finding, const Context& context) {
  if (finding.where.file.empty()) return "";
  return fmt::format("{}:{}", shown_path(finding.where.file, context.folder), finding.where.line);
}

}  // namespace

std::string to_markdown(const Run& run, const Context& context) {
  std::string text = fmt::format("### Symbolon: {}\n\n", answer(run, summarise(run).functions == 0));
  text += "| image | functions | proved | refuted | unknown | unsupported | error | not run | assumed | inlined | in the baseline |\n";
  text += "|---|---|---|---|---|---|---|---|---|---|---|\n";
  for (const ImageRow& image : run.images) {
    const Summary s = summarise(image);
    text += fmt::format("| {} | {} |", escaped(image.id), s.functions);
    for (const std::uint64_t count : s.by_verdict) text += fmt::format(" {} |", count);
    text += fmt::format(" {} |\n", s.baselined);
  }
  std::string rows;
  std::size_t open = 0;
  for (const Finding& finding : findings(run)) {
    if (finding.accepted || ++open > longest_list) continue;
    rows += fmt::format("| {} | {} | {} | {} |\n", escaped(finding.image), escaped(finding.code), escaped(finding.text),
                        escaped(place(finding, context)));
  }
  if (open == 0) return text;
  text += "\n| image | reason | finding | place |\n|---|---|---|---|\n" + rows;
  if (open > longest_list) text += fmt::format("\n... and {} more\n", open - longest_list);
  return text;
}

}  // namespace validator::report
