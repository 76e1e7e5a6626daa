// SPDX-License-Identifier: Apache-2.0
#include "isa-models/tables.hpp"

#include <cctype>
#include <charconv>
#include <iterator>
#include <sstream>

namespace isa {
namespace {

struct Row {
  std::vector<std::string> cells;
  std::uint32_t line = 0;
};

std::vector<Row> rows_of(std::string_view text) {
  std::vector<Row> rows;
  std::uint32_t number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.empty() || line[0] == '#') continue;
    Row row;
    row.line = number;
    while (true) {
      const std::size_t tab = std::min(line.find('\t'), line.size());
      row.cells.emplace_back(line.substr(0, tab));
      if (tab == line.size()) break;
      line.remove_prefix(tab + 1);
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

class TableReader {
 public:
  TableReader(std::uint16_t file, ModelData& data) : file_(file), data_(data) {}

  void read(const std::string& name, std::string_view text) {
    for (const Row& row : rows_of(text)) {
      if (name == "sysregs.tsv")
        system_register(row);
      else if (name == "sysops.tsv")
        system_operation(row);
      else if (name == "aliases.tsv")
        alias(row);
      else
        fail(row, "no table has this file name");
    }
  }

 private:
  [[noreturn]] void fail(const Row& row, std::string message) const {
    throw model_error(data_, {file_, row.line, 1}, std::move(message));
  }
  void expect_cells(const Row& row, std::size_t count) const {
    if (row.cells.size() != count)
      fail(row, "expected " + std::to_string(count) + " tab-separated cells, found " + std::to_string(row.cells.size()));
  }
  unsigned number(const Row& row, std::size_t index, unsigned limit) const {
    const std::string& cell = row.cells[index];
    unsigned value = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
    if (error != std::errc() || end != cell.data() + cell.size() || value >= limit)
      fail(row, "cell " + std::to_string(index + 1) + ": expected a number below " + std::to_string(limit) + ", found `" + cell + "`");
    return value;
  }

  void system_register(const Row& row) {
    expect_cells(row, 9);
    SystemRegister entry;
    entry.name = row.cells[0];
    entry.encoding = number(row, 1, 4) << 14 | number(row, 2, 8) << 11 | number(row, 3, 16) << 7 | number(row, 4, 16) << 3 |
                     number(row, 5, 8);
    entry.lowest_el = number(row, 6, 4);
    const std::string& access = row.cells[7];
    if (access != "RW" && access != "RO" && access != "WO") fail(row, "access is RW, RO or WO, not `" + access + "`");
    entry.readable = access != "WO";
    entry.writable = access != "RO";
    entry.since = row.cells[8];
    std::string key = entry.name;
    for (char& c : key) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    if (!data_.register_names.emplace(key, entry.encoding).second) fail(row, "a second register `" + entry.name + "`");
    if (entry.encoding < (2U << 14)) fail(row, "op0 of a register is 2 or 3");
    // One encoding may have two names (DBGDTRRX_EL0 to read, DBGDTRTX_EL0 to write): the first row names the effect.
    const auto [place, added] = data_.registers.emplace(entry.encoding, entry);
    place->second.readable = place->second.readable || entry.readable;
    place->second.writable = place->second.writable || entry.writable;
  }

  void system_operation(const Row& row) {
    if (row.cells.empty()) return;
    SystemOperation entry;
    entry.kind = row.cells[0];
    if (entry.kind == "sys") {
      expect_cells(row, 9);
      entry.name = row.cells[1];
      entry.encoding = number(row, 2, 8) << 11 | number(row, 3, 16) << 7 | number(row, 4, 16) << 3 | number(row, 5, 8);
      entry.takes_operand = number(row, 6, 2) != 0;
      entry.lowest_el = number(row, 7, 4);
      entry.since = row.cells[8];
    } else if (entry.kind == "barrier" || entry.kind == "pstate" || entry.kind == "prefetch") {
      expect_cells(row, 3);
      entry.name = row.cells[1];
      entry.encoding = number(row, 2, 64);
    } else {
      fail(row, "the first cell is sys, barrier, pstate or prefetch, not `" + entry.kind + "`");
    }
    const auto key = std::make_pair(entry.kind, entry.encoding);
    if (entry.kind == "sys") data_.sys_names[entry.name] = entry.encoding;
    if (!data_.operations.emplace(key, std::move(entry)).second) fail(row, "a second row for this encoding");
  }

  static std::vector<std::string> words(const std::string& cell) {
    std::istringstream stream(cell);
    return {std::istream_iterator<std::string>(stream), {}};
  }
  void alias(const Row& row) {
    expect_cells(row, 2);
    if (row.cells[0].starts_with("=")) {
      data_.token_aliases[row.cells[0].substr(1)] = row.cells[1];
      return;
    }
    AliasRow entry{words(row.cells[0]), words(row.cells[1])};
    if (entry.pattern.empty() || entry.result.empty()) fail(row, "an alias row needs a pattern and a result");
    data_.aliases[entry.pattern[0]].push_back(std::move(entry));
  }

  std::uint16_t file_;
  ModelData& data_;
};

}  // namespace

std::optional<ir::Error> parse_table(const std::string& name, std::string_view text, std::uint16_t file, ModelData& data) {
  try {
    TableReader(file, data).read(name, text);
  } catch (const ir::Error& error) {
    return error;
  }
  return std::nullopt;
}

}  // namespace isa
