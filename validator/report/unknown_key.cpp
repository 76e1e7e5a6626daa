// SPDX-License-Identifier: Apache-2.0
#include "validator/report/unknown_key.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace validator::report {
namespace {

/// Damerau and Levenshtein's distance, restricted to neighbours that are swapped once.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) {
    for (std::size_t j = 0; j <= b.size(); ++j) {
      if (i == 0 || j == 0) {
        d[i][j] = i + j;
        continue;
      }
      d[i][j] = std::min({d[i - 1][j] + 1, d[i][j - 1] + 1, d[i - 1][j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 1);
    }
  }
  return d[a.size()][b.size()];
}

}  // namespace

std::string_view nearest_name(std::string_view name, const std::set<std::string_view>& known) {
  std::string_view best;
  std::size_t least = std::max<std::size_t>(2, name.size() / 3) + 1;
  for (const std::string_view candidate : known) {
    // A name that was cut short, or written in the plural, is near whatever its length.
    const bool part = name.size() >= 3 && (candidate.starts_with(name) || name.starts_with(candidate));
    const std::size_t away = part ? 1 : distance(name, candidate);
    if (away < least) {
      least = away;
      best = candidate;
    }
  }
  return best;
}

std::string unknown_name(std::string_view what, std::string_view name, const std::set<std::string_view>& known) {
  const std::string_view meant = nearest_name(name, known);
  return fmt::format("unknown {} '{}'; {}known here: {}", what, name, meant.empty() ? "" : fmt::format("did you mean '{}'? ", meant),
                     fmt::join(known, ", "));
}

std::string unknown_key(std::string_view key, const std::set<std::string_view>& known) { return unknown_name("key", key, known); }

}  // namespace validator::report
