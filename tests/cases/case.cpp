// SPDX-License-Identifier: Apache-2.0
// Reads `expect`. What would make a case worth nothing ends the program: nothing asked, no twin, an undecided verdict
// without the gap that explains it.
#include "tests/cases/case.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace cases {
namespace {

constexpr const char* gap_mark = "# gap: ";

fs::path existing(const fs::path& folder, const std::string& stem, const Words& extensions) {
  for (const std::string& extension : extensions) {
    if (fs::exists(folder / (stem + extension))) return folder / (stem + extension);
  }
  return {};
}

bool is_decided(const Wish& wish) {
  if (wish.keyword.ends_with("data")) return wish.verdicts == "equal" || wish.verdicts == "differs";
  return wish.verdicts == "proved" || (wish.keyword == "wrong" && wish.verdicts == "refuted");
}

void check(const Case& test) {
  const auto asks = [&](const std::string& begin) {
    return std::any_of(test.wishes.begin(), test.wishes.end(), [&](const Wish& wish) { return wish.keyword.starts_with(begin); });
  };
  const std::string name = test.folder.string();
  if (test.compilers.empty() || test.levels.empty()) fail(fmt::format("{}: no 'compile' line", name));
  if (test.stands_for.empty()) fail(fmt::format("{}: no 'for' line", name));
  if (!asks("expect")) fail(fmt::format("{}: no 'expect' line: the case would test nothing", name));
  if (test.wrong.has_value() != asks("wrong")) fail(fmt::format("{}: a wrong twin and a 'wrong' line go together", name));
  for (const Wish& wish : test.wishes) {
    if (!is_decided(wish) && wish.gap.empty()) fail(fmt::format("{}: '{}' for {} needs '{}...'", name, wish.verdicts, wish.symbol, gap_mark));
  }
}

}  // namespace

void fail(const std::string& message) {
  fmt::print(stderr, "case: {}\n", message);
  std::exit(1);
}

Case read_case(const fs::path& folder) {
  Case result;
  result.folder = folder;
  result.source = existing(folder, "source", {".c", ".cpp"});
  if (result.source.empty()) fail(fmt::format("{}: neither source.c nor source.cpp", folder.string()));
  if (const fs::path wrong = existing(folder, "wrong", {".S", ".c", ".cpp"}); !wrong.empty()) result.wrong = wrong;
  std::ifstream stream(folder / "expect");
  unsigned number = 0;
  for (std::string line; std::getline(stream, line);) {
    ++number;
    const std::size_t gap = line.find(gap_mark);
    std::istringstream words(line.substr(0, line.find('#')));
    std::string keyword;
    if (!(words >> keyword)) continue;
    Words rest;
    for (std::string word; words >> word;) rest.push_back(word);
    if (keyword == "compile") {
      for (const std::string& word : rest) (word.starts_with("-O") ? result.levels : result.compilers).push_back(word);
    } else if (keyword == "flags") {
      const bool for_one = !rest.empty() && !rest.front().starts_with("-");
      Words& list = result.flags[for_one ? rest.front() : std::string()];
      list.insert(list.end(), rest.begin() + (for_one ? 1 : 0), rest.end());
    } else if (keyword == "absent" && !rest.empty()) {
      result.absent_features = rest;
    } else if (keyword == "for" && !rest.empty()) {
      result.stands_for = fmt::format("{}", fmt::join(rest, " "));
    } else if ((keyword == "expect" || keyword == "wrong" || keyword == "data" || keyword == "wrong-data") && rest.size() >= 2) {
      result.wishes.push_back({keyword, rest[0], rest[1], Words(rest.begin() + 2, rest.end()),
                               gap == std::string::npos ? "" : line.substr(gap + std::string(gap_mark).size())});
    } else {
      fail(fmt::format("{}/expect:{}: not understood: '{}'", folder.string(), number, line));
    }
  }
  check(result);
  return result;
}

}  // namespace cases
