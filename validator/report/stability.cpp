// SPDX-License-Identifier: Apache-2.0
#include "validator/report/stability.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace validator::report {
namespace {

/// Less work than this is noise, whatever its ratio.
constexpr std::uint64_t noise_units = 100'000;
constexpr double noise_spread = 1.05;

double spread(const Stability& s) { return static_cast<double>(s.most()) / static_cast<double>(std::max<std::uint64_t>(1, s.least())); }

std::string verdicts_text(const Stability& s) {
  std::map<std::string_view, std::size_t> counts;
  for (const Verdict verdict : s.verdicts) ++counts[verdict_name(verdict)];
  std::string text;
  for (const auto& [name, count] : counts) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, name);
  return text;
}

}  // namespace

bool Stability::same_verdict() const {
  return std::all_of(verdicts.begin(), verdicts.end(), [&](Verdict v) { return v == verdicts.front(); });
}
std::uint64_t Stability::least() const { return units.empty() ? 0 : *std::min_element(units.begin(), units.end()); }
std::uint64_t Stability::most() const { return units.empty() ? 0 : *std::max_element(units.begin(), units.end()); }

std::vector<Stability> stability(const std::vector<Run>& runs) {
  std::map<std::pair<std::string, std::string>, Stability> found;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (const ImageRow& image : runs[i].images) {
      for (const FunctionRow& row : image.functions) {
        Stability& s = found[{image.id, row.symbol}];
        s.image = image.id;
        s.symbol = row.symbol;
        s.display = row.display;
        s.verdicts.resize(runs.size(), Verdict::not_run);
        s.units.resize(runs.size());
        s.verdicts[i] = row.outcome.verdict;
        s.units[i] = row.outcome.solver_units;
      }
    }
  }
  std::vector<Stability> list;
  for (auto& [key, s] : found) list.push_back(std::move(s));
  return list;
}

std::string stability_text(const std::vector<Stability>& list, std::size_t rows) {
  std::vector<const Stability*> luck, varied;
  for (const Stability& s : list) {
    if (!s.same_verdict()) luck.push_back(&s);
    else if (s.most() >= noise_units && spread(s) > noise_spread) varied.push_back(&s);
  }
  const auto twice = std::count_if(varied.begin(), varied.end(), [](const Stability* s) { return spread(*s) > 2; });
  const std::size_t seeds = list.empty() ? 0 : list.front().verdicts.size();
  std::string text = fmt::format("{} functions with {} seeds: {} have one verdict, {} depend on the solver's luck\n", list.size(), seeds,
                                 list.size() - luck.size(), luck.size());
  text += fmt::format("solver units of {} functions vary by more than 5 %, of {} of them by more than a factor of 2\n", varied.size(), twice);
  for (const Stability* s : luck) text += fmt::format("  LUCK     {} of {}: {}\n", s->display, s->image, verdicts_text(*s));
  std::stable_sort(varied.begin(), varied.end(), [](const Stability* a, const Stability* b) { return spread(*a) > spread(*b); });
  if (varied.size() > rows) varied.resize(rows);
  for (const Stability* s : varied) {
    text += fmt::format("  {:>5.1f} x  {} of {}: {} to {} units\n", spread(*s), s->display, s->image, s->least(), s->most());
  }
  return text;
}

Json stability_json(const std::vector<Stability>& list) {
  Json functions = Json::array();
  for (const Stability& s : list) {
    Json verdicts = Json::array();
    for (const Verdict verdict : s.verdicts) verdicts.push_back(verdict_name(verdict));
    functions.push_back({{"image", s.image}, {"symbol", s.symbol}, {"verdicts", std::move(verdicts)}, {"solver_units", s.units}});
  }
  return {{"schema", 1}, {"functions", std::move(functions)}};
}

}  // namespace validator::report
