// SPDX-License-Identifier: Apache-2.0
// The order of witnesses and their known defects. A defect row only removes one voice for one set of words: some
// witness must still agree, or the word is refused.
#include "validator/binary/witness.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>

#include <fmt/format.h>

namespace validator::binary {

namespace {

std::vector<std::string> split_tabs(const std::string& line) {
  std::vector<std::string> fields(1);
  for (const char c : line) {
    if (c == '\t') fields.emplace_back();
    else fields.back() += c;
  }
  return fields;
}

bool read_hex(const std::string& text, std::uint32_t& value) {
  if (!text.starts_with("0x")) return false;
  const auto [end, error] = std::from_chars(text.data() + 2, text.data() + text.size(), value, 16);
  return error == std::errc() && end == text.data() + text.size();
}

}  // namespace

ir::Result<std::vector<WitnessDefect>> read_witness_defects(const std::string& path) {
  std::ifstream stream(path);
  if (!stream) return ir::Error{"witness-defects", "cannot read the table of known defects of disassemblers", {path, 0, 0}};
  std::vector<WitnessDefect> rows;
  std::string line;
  for (std::uint32_t number = 1; std::getline(stream, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    const auto fields = split_tabs(line);
    WitnessDefect row;
    if (fields.size() != 4 || fields[0].empty() || !read_hex(fields[1], row.value) || !read_hex(fields[2], row.mask) || fields[3].empty()) {
      return ir::Error{"witness-defects", "expected four columns between tabs: witness, 0xvalue, 0xmask, note", {path, number, 0}};
    }
    if ((row.value & ~row.mask) != 0) return ir::Error{"witness-defects", "the value has bits outside its mask", {path, number, 0}};
    row.witness = fields[0];
    row.note = fields[3];
    rows.push_back(std::move(row));
  }
  return rows;
}

ir::Result<std::unique_ptr<Witness>> Witness::open() {
  auto defects = read_witness_defects(SYMBOLON_WITNESS_DEFECTS);
  if (!defects) return defects.error();
  std::vector<std::unique_ptr<Disassembler>> readers;
  readers.push_back(make_capstone());
  readers.push_back(make_llvm());
  if (std::ranges::any_of(readers, [](const auto& reader) { return reader == nullptr; })) {
    return ir::Error{"witness-missing", "Capstone or LLVM's AArch64 disassembler cannot be opened", {}};
  }
  return std::make_unique<Witness>(std::move(readers), std::move(*defects));
}

Witness::Witness(std::vector<std::unique_ptr<Disassembler>> readers, std::vector<WitnessDefect> defects)
    : readers_(std::move(readers)), defects_(std::move(defects)) {}

Witness::Answer Witness::check(const isa::Models& models, const isa::Decoded& decoded, std::uint64_t address) {
  for (const auto& reader : readers_) {
    const bool defective = std::ranges::any_of(defects_, [&](const WitnessDefect& row) {
      return row.witness == reader->name() && (decoded.word() & row.mask) == row.value;
    });
    if (defective) continue;
    std::string text = reader->text(decoded.word(), address);
    if (text.empty()) continue;
    const bool agree = isa::texts_agree(models, decoded.text(address), text);
    return {agree ? Verdict::agrees : Verdict::disagrees, reader->name(), std::move(text)};
  }
  return {Verdict::unknown, "", ""};
}

std::string Witness::text(std::uint32_t word, std::uint64_t address) {
  for (const auto& reader : readers_) {
    std::string text = reader->text(word, address);
    if (!text.empty()) return text;
  }
  return {};
}

}  // namespace validator::binary
