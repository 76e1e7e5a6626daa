// SPDX-License-Identifier: Apache-2.0
// The tables of README.md are made from the folders, and a test compares them, so that they cannot go stale.
#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "tests/cases/case.hpp"

namespace cases {
namespace {

constexpr const char* begin_mark = "<!-- tables -->\n";
constexpr const char* end_mark = "<!-- end of tables -->\n";

/// The comment at the head of the source: what the case shows.
std::string what_it_shows(const fs::path& source) {
  std::ifstream stream(source);
  std::string text;
  for (std::string line; std::getline(stream, line) && line.starts_with("// ");) {
    if (line.find("SPDX") == std::string::npos) text += (text.empty() ? "" : " ") + line.substr(3);
  }
  return text;
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.replace(at, 1, "\\|");
  return text;
}

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

}  // namespace

std::string tables(const fs::path& folder) {
  std::vector<fs::path> folders;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder)) {
    if (fs::exists(entry.path() / "expect")) folders.push_back(entry.path());
  }
  std::sort(folders.begin(), folders.end());
  std::string list = fmt::format("{} cases.\n\n| case | shows | stands for |\n|---|---|---|\n", folders.size());
  std::string gaps = "Open gaps: what the tool does not decide yet.\n\n| case | function | today | why |\n|---|---|---|---|\n";
  for (const fs::path& path : folders) {
    const Case test = read_case(path);
    const std::string name = path.filename().string();
    list += fmt::format("| `{}` | {} | {} |\n", name, cell(what_it_shows(test.source)), test.stands_for);
    for (const Wish& wish : test.wishes) {
      if (wish.gap.empty()) continue;
      const std::string where = fmt::format("{}{}", wish.keyword == "wrong" ? " (twin)" : "", wish.where.empty() ? "" : " " + fmt::format("{}", fmt::join(wish.where, " ")));
      gaps += fmt::format("| `{}` | `{}`{} | {} | {} |\n", name, wish.symbol, where, cell(wish.verdicts), cell(wish.gap));
    }
  }
  return list + "\n" + gaps;
}

bool readme_is_current(const fs::path& folder, bool update) {
  const fs::path file = folder / "README.md";
  const std::string text = text_of(file);
  const std::size_t begin = text.find(begin_mark), end = text.find(end_mark);
  if (begin == std::string::npos || end == std::string::npos || end < begin) fail(fmt::format("{} has no place for the tables", file.string()));
  const std::string current = text.substr(0, begin) + begin_mark + "\n" + tables(folder) + "\n" + text.substr(end);
  if (update) std::ofstream(file) << current;
  return current == text;
}

}  // namespace cases
