// SPDX-License-Identifier: Apache-2.0
#include "validator/report/table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "validator/report/steps.hpp"

namespace validator::report {
namespace {

/// Worst first: the order in which a reader wants to know.
constexpr Verdict by_urgency[] = {Verdict::refuted,     Verdict::error,   Verdict::unknown, Verdict::unsupported,
                                  Verdict::not_run, Verdict::assumed, Verdict::proved,  Verdict::inlined};

bool is_open(Verdict verdict) {
  return verdict != Verdict::proved && verdict != Verdict::assumed && verdict != Verdict::inlined;
}

std::string percent(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? "-" : fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

std::string where(const FunctionRow& row) {
  if (row.source.file.empty()) return row.bytes == 0 ? "" : fmt::format("{:#x}", row.address);
  return fmt::format("{}:{}", std::filesystem::path(row.source.file).filename().string(), row.source.line);
}

std::string function_line(const FunctionRow& row, const TableOptions& options) {
  const Outcome& outcome = row.outcome;
  std::string line = fmt::format("  {} {}", verdict_text(outcome.verdict, options.colour, 11), row.display);
  if (const std::string place = where(row); !place.empty()) line += fmt::format(" ({})", place);
  if (!outcome.reason.empty()) line += fmt::format(" [{}]", outcome.reason);
  if (!outcome.text.empty()) line += fmt::format(": {}", outcome.text);
  if (row.baselined) line += " (in the baseline)";
  line += "\n";
  if (!options.steps) return line;
  if (row.from_cache) line += "                an earlier run's verdict: same graphs, same surroundings\n";
  for (const std::string& step : steps_of(outcome)) line += fmt::format("                {}\n", step);
  return line;
}

std::string counts_line(const Summary& summary) {
  std::string line = fmt::format("{} functions:", summary.functions);
  for (const Verdict verdict : by_urgency) {
    const std::uint64_t count = summary.count(verdict);
    if (count != 0 || verdict == Verdict::proved) line += fmt::format(" {} {},", count, verdict_name(verdict));
  }
  line.back() = '\n';
  return line;
}

std::string bytes_line(const ByteCounts& bytes) {
  const auto count = [&](Verdict verdict) { return bytes.by_verdict[static_cast<std::size_t>(verdict)]; };
  std::string line = fmt::format("{} of {} code bytes proved ({})", count(Verdict::proved), bytes.text,
                                 percent(count(Verdict::proved), bytes.text));
  const auto part = [&](std::string_view name, std::uint64_t value) {
    if (value != 0) line += fmt::format(", {} {}", value, name);
  };
  for (const Verdict verdict : by_urgency) {
    if (verdict != Verdict::proved) part(verdict_name(verdict), count(verdict));
  }
  part("literal", bytes.literal);
  part("padding", bytes.padding);
  part("veneer", bytes.veneer);
  part("UNACCOUNTED", bytes.unaccounted);
  return line + "\n";
}

std::string reasons_line(const ImageRow& image) {
  std::map<std::string, std::uint64_t> counts;
  for (const FunctionRow& row : image.functions) {
    if (is_open(row.outcome.verdict)) ++counts[row.outcome.reason];
  }
  if (counts.empty()) return "";
  std::vector<std::pair<std::string, std::uint64_t>> order(counts.begin(), counts.end());
  std::stable_sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  std::string line = "  reasons:";
  for (const auto& [reason, count] : order) line += fmt::format(" {} {},", count, reason.empty() ? "(none)" : reason);
  line.back() = '\n';
  return line;
}

std::string data_lines(const ImageRow& image) {
  if (image.data.empty()) return "";
  std::map<DataResult, std::uint64_t> counts;
  for (const DataRow& row : image.data) ++counts[row.result];
  std::string text = fmt::format("  data: {} objects, {} equal to their initialisers", image.data.size(), counts[DataResult::equal]);
  for (const DataResult result : {DataResult::differs, DataResult::unsupported, DataResult::absent}) {
    if (counts[result] != 0) text += fmt::format(", {} {}", counts[result], data_result_name(result));
  }
  text += "\n";
  for (const DataRow& row : image.data) {
    if (row.result == DataResult::differs || row.result == DataResult::unsupported) {
      text += fmt::format("  data {:<6} {}: {}\n", data_result_name(row.result), row.symbol, row.text);
    }
  }
  return text;
}

std::string function_lines(const ImageRow& image, const TableOptions& options) {
  std::string text;
  std::size_t printed = 0, left = 0;
  for (const Verdict verdict : by_urgency) {
    if (!options.all && !is_open(verdict)) continue;
    for (const FunctionRow& row : image.functions) {
      if (row.outcome.verdict != verdict) continue;
      if (options.all || printed < options.rows_per_image) {
        text += function_line(row, options);
        ++printed;
      } else {
        ++left;
      }
    }
  }
  if (left != 0) text += fmt::format("  ... and {} more (--all prints every row)\n", left);
  return text;
}

std::string image_block(const ImageRow& image, bool selection, const TableOptions& options) {
  std::string text = fmt::format("\n{}: {}\n", image.id, image.elf);
  if (!image.compiler.empty()) text += fmt::format("  {} {}\n", image.compiler, image.level);
  for (const ir::Error& error : image.input_errors) text += fmt::format("  input error: {}\n", error.to_string());
  if (image.sha256.empty()) return text;
  text += "  " + counts_line(summarise(image));
  if (image.functions.empty() && !selection) text += "  not passed: the image has no function\n";
  if (!selection) text += "  " + bytes_line(image.bytes);
  text += reasons_line(image);
  text += data_lines(image);
  for (const std::string& note : image.notes) text += fmt::format("  note: {}\n", note);
  return text + function_lines(image, options);
}

}  // namespace

std::string verdict_text(Verdict verdict, bool colour, std::size_t width) {
  const std::string name = fmt::format("{:<{}}", verdict_name(verdict), width);
  if (!colour) return name;
  switch (verdict) {
    case Verdict::proved: return "\033[32m" + name + "\033[0m";
    case Verdict::refuted:
    case Verdict::error: return "\033[1;31m" + name + "\033[0m";
    case Verdict::unknown:
    case Verdict::unsupported:
    case Verdict::not_run: return "\033[33m" + name + "\033[0m";
    case Verdict::assumed:
    case Verdict::inlined: return "\033[2m" + name + "\033[0m";
  }
  return name;
}

std::string to_table(const Run& run, const TableOptions& options) {
  std::string text;
  if (!run.complete) text += "INTERRUPTED: these are partial results.\n";
  text += counts_line(summarise(run));
  if (!run.selection) text += bytes_line(summarise(run).bytes);
  for (const std::string& entry : run.stale_baseline) text += fmt::format("stale baseline entry: {}\n", entry);
  for (const ImageRow& image : run.images) text += image_block(image, run.selection, options);
  return text;
}

}  // namespace validator::report
