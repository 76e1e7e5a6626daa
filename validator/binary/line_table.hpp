// SPDX-License-Identifier: Apache-2.0
// Which source line an instruction came from, as the compiler says (DWARF). For people to look at only: a compiler that
// is wrong about code may be wrong about lines, so no proof may see this, and nothing but reports includes it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace validator::binary {

struct LineRow {
  std::uint64_t address = 0;
  std::uint32_t file = 0;  ///< index into LineTable::files
  std::uint32_t line = 0;  ///< 0: from here on nothing is known
};

struct LineTable {
  std::vector<std::string> files;  ///< absolute, without "." and ".."
  std::vector<LineRow> rows;       ///< sorted by address

  /// The row that covers the address; null when none does.
  const LineRow* find(std::uint64_t address) const;
};

/// Empty when the file has no line table, or cannot be read.
LineTable read_line_table(const std::string& elf);

}  // namespace validator::binary
