// SPDX-License-Identifier: Apache-2.0
#include "validator/report/comparison.hpp"

#include <fmt/format.h>

#include <map>
#include <optional>

#include "validator/report/exit_code.hpp"

namespace validator::report {
namespace {

/// One thing that can be open: a function, an object, the bytes of an image that nothing explains.
struct Item {
  std::string display;
  std::string state;  ///< for people
  int code = exit_ok;  ///< what it makes the exit code; accepted ones: 0
  std::uint64_t units = 0;
  bool proved = false;
};

using Items = std::map<std::pair<std::string, std::string>, Item>;

struct Side {
  Items items;
  std::vector<std::string> left_out;  ///< images of the configuration that the run did not look at
};

int code_of(const std::string& verdict) {
  if (verdict == "proved" || verdict == "assumed" || verdict == "inlined") return exit_ok;
  if (verdict == "refuted") return exit_refuted;
  return verdict == "error" ? exit_error : exit_undecided;
}

/// The precedence of exit codes.
int badness(int code) {
  switch (code) {
    case exit_ok: return 0;
    case exit_undecided: return 1;
    case exit_refuted: return 2;
    default: return 3;
  }
}

Item function_item(const Json& function) {
  const auto verdict = function.at("verdict").get<std::string>();
  const auto reason = function.at("reason").get<std::string>();
  Item item;
  item.display = function.at("display").get<std::string>();
  item.code = code_of(verdict);
  item.proved = verdict == "proved";
  item.state = item.code == exit_ok || reason.empty() ? verdict : fmt::format("{} [{}]", verdict, reason);
  if (function.at("baselined").get<bool>()) {
    item.code = exit_ok;
    item.state += " (in the baseline)";
  }
  item.units = function.at("solver_units").get<std::uint64_t>();
  return item;
}

void add_image(const Json& image, Items& items) {
  const auto id = image.at("id").get<std::string>();
  for (const Json& function : image.at("functions")) {
    items[{id, function.at("symbol").get<std::string>()}] = function_item(function);
  }
  for (const Json& object : image.at("data")) {
    const auto result = object.at("result").get<std::string>();
    const int code = result == "differs" ? exit_refuted : result == "unsupported" ? exit_undecided : exit_ok;
    const std::string name = "data of " + object.at("symbol").get<std::string>();
    items[{id, name}] = {name, result, code, 0, false};
  }
  const auto bytes = image.at("summary").at("text_bytes").at("unaccounted").get<std::uint64_t>();
  const std::string name = "bytes of code that nothing explains";
  items[{id, name}] = {name, std::to_string(bytes), bytes == 0 ? exit_ok : exit_undecided, 0, false};
}

/// Throws what nlohmann throws.
std::optional<std::string> why_partial(const Json& report) {
  if (!report.at("complete").get<bool>()) return "it was interrupted";
  if (report.at("selection").get<bool>()) return "it is about selected functions";
  if (report.at("summary").at("functions") == 0) return "it has no function";
  for (const Json& image : report.at("images")) {
    if (!image.at("errors").empty()) return fmt::format("image '{}' has input errors", image.at("id").get<std::string>());
  }
  return std::nullopt;
}

ir::Result<Side> read(const Json& report, const char* which) {
  try {
    if (report.at("schema") != 1) return ir::Error{"report-schema", fmt::format("the {} report has another schema", which), {}};
    if (const auto why = why_partial(report)) {
      return ir::Error{"report-partial", fmt::format("the {} report cannot be compared: {}", which, *why), {}};
    }
    Side side{{}, report.value("left_out", std::vector<std::string>{})};
    for (const Json& image : report.at("images")) add_image(image, side.items);
    return side;
  } catch (const nlohmann::json::exception& e) {
    return ir::Error{"report-schema", fmt::format("the {} report is none: {}", which, e.what()), {}};
  }
}

std::string lines(const std::vector<Change>& list, const char* name) {
  std::string text;
  for (const Change& c : list) text += fmt::format("  {:<9} {} of {}: {} -> {}\n", name, c.display, c.image, c.before, c.after);
  return text;
}

Json list_json(const std::vector<Change>& list) {
  Json json = Json::array();
  for (const Change& c : list) {
    json.push_back({{"image", c.image}, {"symbol", c.symbol}, {"display", c.display}, {"before", c.before}, {"after", c.after}});
  }
  return json;
}

}  // namespace

ir::Result<Comparison> compare(const Json& before, const Json& after, const Slowness& slowness) {
  const ir::Result<Side> old_side = read(before, "old");
  if (!old_side) return old_side.error();
  const ir::Result<Side> new_side = read(after, "new");
  if (!new_side) return new_side.error();
  const Items &old_items = old_side->items, &new_items = new_side->items;
  for (const std::string& image : new_side->left_out) {
    const auto first = old_items.lower_bound({image, ""});
    if (first == old_items.end() || first->first.first != image) continue;
    return ir::Error{"report-partial", fmt::format("the new report cannot be compared: it leaves out image '{}'", image), {}};
  }
  Comparison result;
  for (const auto& [key, now] : new_items) {
    const auto found = old_items.find(key);
    const Item was = found == old_items.end() ? Item{now.display, "absent", exit_ok, 0, false} : found->second;
    const Change change{key.first, key.second, now.display, was.state, now.state, now.code};
    const auto limit = static_cast<std::uint64_t>(static_cast<double>(was.units) * slowness.factor);
    if (badness(now.code) > badness(was.code)) result.worse.push_back(change);
    else if (now.code == exit_ok && was.code != exit_ok) result.fixed.push_back(change);
    else if (now.code != exit_ok && now.state != was.state) result.changed.push_back(change);
    else if (now.proved && was.proved && now.units > limit && now.units - was.units >= slowness.least_units) {
      result.slower.push_back({key.first, key.second, now.display, fmt::format("{} units", was.units), fmt::format("{} units", now.units)});
    } else {
      ++result.unchanged;
    }
  }
  for (const auto& [key, was] : old_items) {
    if (was.code != exit_ok && !new_items.contains(key)) result.fixed.push_back({key.first, key.second, was.display, was.state, "gone"});
  }
  return result;
}

std::string to_text(const Comparison& c) {
  return fmt::format("{} new, {} fixed, {} changed, {} slower, {} unchanged\n", c.worse.size(), c.fixed.size(), c.changed.size(),
                     c.slower.size(), c.unchanged) +
         lines(c.worse, "NEW") + lines(c.changed, "changed") + lines(c.slower, "slower") + lines(c.fixed, "fixed");
}

Json to_json(const Comparison& c) {
  return {{"schema", 1},
          {"new", list_json(c.worse)},
          {"fixed", list_json(c.fixed)},
          {"changed", list_json(c.changed)},
          {"slower", list_json(c.slower)},
          {"unchanged", c.unchanged}};
}

int exit_code(const Comparison& comparison) {
  int worst = exit_ok;
  for (const Change& change : comparison.worse) {
    if (badness(change.code) > badness(worst)) worst = change.code;
  }
  return worst;
}

}  // namespace validator::report
