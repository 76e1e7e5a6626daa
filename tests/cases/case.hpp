// SPDX-License-Identifier: Apache-2.0
// One case as its folder describes it. README.md shows the format by an example.
#pragma once

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cases {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// One line that wants something: who, which verdicts are right, and where it holds (empty: everywhere).
struct Wish {
  std::string keyword;  ///< expect, wrong, data, wrong-data
  std::string symbol;
  std::string verdicts;  ///< alternatives, separated by '|'
  Words where;           ///< compilers and levels
  std::string gap;       ///< why the verdict is not the decided one; empty: it is
};

struct Case {
  fs::path folder;
  fs::path source;
  std::optional<fs::path> wrong;
  std::string stands_for;  ///< rows of SOUNDNESS.md, sections of DESIGN.md
  Words compilers, levels;
  std::map<std::string, Words> flags;  ///< by compiler; "" for all
  Words absent_features;               ///< of the processor, as validate-kernel.toml lists them
  std::vector<Wish> wishes;
};

[[noreturn]] void fail(const std::string& message);

/// Ends the program when the folder is no case that can fail.
Case read_case(const fs::path& folder);

/// The tables of all cases and all gaps, as README.md has them.
std::string tables(const fs::path& folder);
/// Does README.md have these tables? `update` writes them.
bool readme_is_current(const fs::path& folder, bool update);

}  // namespace cases
