// SPDX-License-Identifier: Apache-2.0
#include "validator/report/baseline.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <toml++/toml.h>

#include "validator/report/unknown_key.hpp"

namespace validator::report {
namespace {

using Key = std::pair<std::string, std::string>;

std::optional<Verdict> verdict_by_name(std::string_view name) {
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (verdict_name(static_cast<Verdict>(i)) == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

bool needs_baseline(Verdict verdict) {
  return verdict != Verdict::proved && verdict != Verdict::assumed && verdict != Verdict::inlined;
}

ir::Error invalid(const std::string& path, const toml::node& node, std::string message) {
  return {"config-invalid", std::move(message), {path, node.source().begin.line, 0}};
}

ir::Result<BaselineEntry> read_entry(const std::string& path, const toml::table& table) {
  static const std::set<std::string_view> known = {"image", "symbol", "verdict", "note", "allow_refuted", "date"};
  for (const auto& [key, node] : table) {
    if (!known.contains(key.str())) return invalid(path, node, unknown_key(key.str(), known));
  }
  BaselineEntry entry;
  entry.where = {path, table.source().begin.line, 0};
  entry.image = table["image"].value_or(std::string());
  entry.symbol = table["symbol"].value_or(std::string());
  entry.note = table["note"].value_or(std::string());
  entry.allow_refuted = table["allow_refuted"].value_or(false);
  if (entry.image.empty() || entry.symbol.empty()) return invalid(path, table, "'image' and 'symbol' are needed");
  if (entry.note.empty()) return invalid(path, table, fmt::format("'{}' needs a note: why is it accepted?", entry.symbol));
  const std::string name = table["verdict"].value_or(std::string());
  const std::optional<Verdict> verdict = verdict_by_name(name);
  if (!verdict || !needs_baseline(*verdict)) {
    return invalid(path, table, fmt::format("verdict '{}': expected refuted, unknown, unsupported, error or not_run", name));
  }
  entry.verdict = *verdict;
  if (const toml::node* date = table.get("date")) {
    const auto day = date->value<toml::date>();
    if (!day) return invalid(path, *date, "'date' must be a date, as 2026-11-26");
    entry.date = fmt::format("{:04}-{:02}-{:02}", day->year, day->month, day->day);
  }
  if (entry.verdict == Verdict::refuted && !entry.allow_refuted) {
    return invalid(path, table, fmt::format("'{}' is refuted: accepted only with allow_refuted = true", entry.symbol));
  }
  return entry;
}

/// A basic string of TOML; its escapes are those of JSON.
std::string quoted(const std::string& text) { return nlohmann::json(text).dump(); }

std::string entry_text(const BaselineEntry& entry) {
  std::string text = fmt::format("[[function]]\nimage = {}\nsymbol = {}\nverdict = \"{}\"\nnote = {}\n", quoted(entry.image),
                                 quoted(entry.symbol), verdict_name(entry.verdict), quoted(entry.note));
  if (entry.allow_refuted) text += "allow_refuted = true\n";
  if (!entry.date.empty()) text += fmt::format("date = {}\n", entry.date);
  return text + "\n";
}

}  // namespace

ir::Result<Baseline> read_baseline(const std::string& path) {
  toml::table root;
  try {
    root = toml::parse_file(path);
  } catch (const toml::parse_error& e) {
    return ir::Error{"config-invalid", std::string(e.description()), {path, e.source().begin.line, 0}};
  }
  Baseline baseline;
  std::set<Key> seen;
  for (const auto& [key, node] : root) {
    const toml::array* list = node.as_array();
    if (key.str() != "function" || list == nullptr || !list->is_array_of_tables()) {
      return invalid(path, node, fmt::format("unexpected '{}': a baseline is a list of [[function]]", key.str()));
    }
    for (const toml::node& item : *list) {
      ir::Result<BaselineEntry> entry = read_entry(path, *item.as_table());
      if (!entry) return entry.error();
      if (!seen.insert({entry->image, entry->symbol}).second) {
        return invalid(path, item, fmt::format("two entries for '{}' of image '{}'", entry->symbol, entry->image));
      }
      baseline.push_back(std::move(*entry));
    }
  }
  return baseline;
}

ir::Result<bool> check_images(const Baseline& baseline, const std::set<std::string_view>& known) {
  for (const BaselineEntry& entry : baseline) {
    if (known.contains(entry.image)) continue;
    return ir::Error{"config-invalid", fmt::format("entry of '{}': {}", entry.symbol, unknown_name("image", entry.image, known)), entry.where};
  }
  return true;
}

void apply_baseline(const Baseline& baseline, Run& run) {
  for (const BaselineEntry& entry : baseline) {
    bool image_ran = false;
    FunctionRow* found = nullptr;
    for (ImageRow& image : run.images) {
      if (image.id != entry.image || image.sha256.empty()) continue;
      image_ran = true;
      for (FunctionRow& row : image.functions) {
        if (row.symbol == entry.symbol) found = &row;
      }
    }
    const bool skipped =
        found != nullptr && found->outcome.verdict == Verdict::not_run && found->outcome.reason == "baseline-skipped";
    if (found != nullptr && (skipped || found->outcome.verdict == entry.verdict)) {
      found->baselined = true;
      found->baseline_note = entry.note;
    } else if (found != nullptr) {
      run.stale_baseline.push_back(fmt::format("{} of {} is {}, not {}", entry.symbol, entry.image,
                                               verdict_name(found->outcome.verdict), verdict_name(entry.verdict)));
    } else if (image_ran && !run.selection && run.complete) {
      run.stale_baseline.push_back(fmt::format("{} of {}: no such function", entry.symbol, entry.image));
    }
  }
}

std::string updated_baseline(const Baseline& old, const Run& run, const std::string& today) {
  std::map<Key, BaselineEntry> known;
  for (const BaselineEntry& entry : old) known[{entry.image, entry.symbol}] = entry;
  std::string text = "# Functions known not to be proved: image, linkage name, verdict, why that is accepted, and since when.\n\n";
  std::set<std::string> ran;
  for (const ImageRow& image : run.images) {
    ran.insert(image.id);
    for (const FunctionRow& row : image.functions) {
      const Verdict verdict = row.outcome.verdict;
      if (!needs_baseline(verdict)) continue;
      const auto before = known.find({image.id, row.symbol});
      const bool same = before != known.end() && before->second.verdict == verdict;
      if (verdict == Verdict::refuted && !same) continue;
      BaselineEntry entry = same ? before->second : BaselineEntry{image.id, row.symbol, verdict, row.outcome.reason, false, today};
      if (entry.note.empty()) entry.note = "no reason given";
      text += entry_text(entry);
    }
  }
  for (const BaselineEntry& entry : old) {
    if (!ran.contains(entry.image)) text += entry_text(entry);
  }
  return text;
}

std::string today() {
  std::time_t now = std::time(nullptr);
  // reproducible-builds.org, "SOURCE_DATE_EPOCH": seconds since 1970.
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) now = std::strtoll(fixed, nullptr, 10);
  std::tm day{};
  gmtime_r(&now, &day);
  return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
}

}  // namespace validator::report
