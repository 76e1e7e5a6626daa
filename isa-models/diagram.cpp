// SPDX-License-Identifier: Apache-2.0
#include "isa-models/diagram.hpp"

#include <algorithm>
#include <array>
#include <sstream>

namespace isa {

std::vector<BitColumn> bit_columns(const Encoding& encoding) {
  std::vector<BitColumn> columns;
  unsigned at = 32;
  std::istringstream text(encoding.text);
  for (std::string item; text >> item;) {
    BitColumn column;
    unsigned width = 1;
    column.is_field = item[0] != '(' && item[0] != '0' && item[0] != '1';
    column.label = item.substr(0, item.find(':'));
    if (!column.is_field) width = static_cast<unsigned>(std::count_if(item.begin(), item.end(), [](char c) { return c == '0' || c == '1'; }));
    else if (item.find(':') != std::string::npos) width = static_cast<unsigned>(std::stoul(item.substr(item.find(':') + 1)));
    column.hi = at - 1;
    column.lo = at - width;
    at -= width;
    const bool joins = !columns.empty() && !columns.back().is_field && !column.is_field && columns.back().label[0] != '(' && item[0] != '(';
    if (joins) {
      columns.back().label += column.label;
      columns.back().lo = column.lo;
    } else {
      columns.push_back(std::move(column));
    }
  }
  return columns;
}

std::string bit_diagram(const Encoding& encoding, std::uint32_t word) {
  std::array<std::string, 3> lines;
  for (const BitColumn& column : bit_columns(encoding)) {
    std::string value;
    for (unsigned i = column.hi + 1; i > column.lo; --i) value += (word >> (i - 1) & 1) != 0 ? '1' : '0';
    const std::array<std::string, 3> cells = {column.bits(), column.label, value};
    std::size_t width = 0;
    for (const std::string& cell : cells) width = std::max(width, cell.size());
    for (std::size_t i = 0; i < 3; ++i) lines[i] += (lines[i].empty() ? "" : " ") + cells[i] + std::string(width - cells[i].size(), ' ');
  }
  for (std::string& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  return lines[0] + "\n" + lines[1] + "\n" + lines[2] + "\n";
}

}  // namespace isa
