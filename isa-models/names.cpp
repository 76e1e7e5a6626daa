// SPDX-License-Identifier: Apache-2.0
// Systematic names stand in for rows that the tables do not have, so that every effect has a name.
#include "isa-models/names.hpp"

#include <array>
#include <cctype>

namespace isa {

std::string numbered(std::string_view prefix, unsigned number) {
  std::string result(prefix);
  result += std::to_string(number);
  return result;
}

std::string_view condition_name(unsigned condition) {
  constexpr std::array<std::string_view, 16> names = {"eq", "ne", "hs", "lo", "mi", "pl", "vs", "vc",
                                                      "hi", "ls", "ge", "lt", "gt", "le", "al", "nv"};
  return names[condition & 15];
}

std::string register_code(unsigned encoding) {
  const auto field = [&](unsigned lo, unsigned width) { return std::to_string((encoding >> lo) & ((1U << width) - 1)); };
  return "s" + field(14, 2) + "_" + field(11, 3) + "_c" + field(7, 4) + "_c" + field(3, 4) + "_" + field(0, 3);
}

std::string register_detail(const ModelData& data, unsigned encoding) {
  if (const auto row = data.registers.find(encoding); row != data.registers.end()) return row->second.name;
  std::string code = register_code(encoding);
  for (char& c : code) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return code;
}

bool register_allows(const ModelData& data, unsigned encoding, bool write) {
  const auto row = data.registers.find(encoding);
  if (row == data.registers.end()) return true;
  return write ? row->second.writable : row->second.readable;
}

std::string operation_name(const ModelData& data, const std::string& kind, unsigned encoding) {
  if (const auto row = data.operations.find({kind, encoding}); row != data.operations.end()) return row->second.name;
  if (kind != "sys") return numbered("#", encoding);
  const auto field = [&](unsigned lo, unsigned width) { return std::to_string((encoding >> lo) & ((1U << width) - 1)); };
  return "sys " + field(11, 3) + ", c" + field(7, 4) + ", c" + field(3, 4) + ", " + field(0, 3);
}

bool operation_takes_operand(const ModelData& data, unsigned encoding) {
  const auto row = data.operations.find({"sys", encoding});
  return row == data.operations.end() || row->second.takes_operand;
}

}  // namespace isa
