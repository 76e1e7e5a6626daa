// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/listing.hpp"

#include <algorithm>
#include <fstream>
#include <optional>

#include <fmt/format.h>

namespace validator::report::html {
namespace {

/// Lines so close to each other are shown with what stands between them.
constexpr std::uint32_t closing_gap = 4;
constexpr std::size_t longest_line = 200;

std::string without_tabs(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\t' ? "    " : std::string(c == '\r' ? 0 : 1, c);
  return result.substr(0, longest_line);
}

std::optional<std::uint32_t> word_at(const Image& image, std::uint64_t address) {
  const auto bytes = image.initial(address, 4);
  if (!bytes) return std::nullopt;
  std::uint32_t word = 0;
  for (unsigned i = 0; i < 4; ++i) word |= static_cast<std::uint32_t>((*bytes)[i]) << (8 * i);
  return word;
}

}  // namespace

const std::string* SourceTexts::line(const std::string& file, std::uint32_t number) {
  const auto [at, is_new] = files_.try_emplace(file);
  if (is_new) {
    std::ifstream stream(file);
    for (std::string line; std::getline(stream, line);) at->second.push_back(without_tabs(line));
  }
  return number == 0 || number > at->second.size() ? nullptr : &at->second[number - 1];
}

void Listing::add_line(const ir::Location& where) {
  if (where.file.empty() || where.line == 0) return;
  const auto [at, is_new] = wanted_.try_emplace(where.file);
  if (is_new) order_.push_back(where.file);
  at->second.insert(where.line);
}

void Listing::add_code(std::uint64_t address, std::uint64_t bytes) {
  for (std::uint64_t offset = 0; offset < bytes; offset += 4) {
    if (!addresses_.insert(address + offset).second) continue;
    if (const binary::LineRow* row = table_.find(address + offset)) add_line({table_.files[row->file], row->line, 0});
  }
}

void Listing::finish(const ir::Location& function) {
  add_line(function);
  list_lines(function);
  list_code();
}

void Listing::list_lines(const ir::Location& function) {
  std::stable_partition(order_.begin(), order_.end(), [&](const std::string& file) { return file == function.file; });
  for (const std::string& file : order_) {
    files_.push_back(file);
    const std::set<std::uint32_t>& wanted = wanted_[file];
    std::set<std::uint32_t> shown;
    std::uint32_t before = 0;
    for (const std::uint32_t line : wanted) {
      const bool close = before != 0 && line - before <= closing_gap;
      for (std::uint32_t n = close ? before + 1 : line; n <= line; ++n) shown.insert(n);
      before = line;
    }
    // The line behind a stretch is mostly its closing brace.
    std::vector<std::uint32_t> tails;
    for (const std::uint32_t line : shown) {
      if (!shown.contains(line + 1)) tails.push_back(line + 1);
    }
    shown.insert(tails.begin(), tails.end());
    for (const std::uint32_t line : shown) {
      const std::string* const text = texts_.line(file, line);
      if (text == nullptr && !wanted.contains(line)) continue;
      line_at_[{file, line}] = static_cast<int>(lines_.size());
      lines_.push_back({files_.size() - 1, line, text == nullptr ? "(text not at hand)" : *text});
    }
  }
}

void Listing::list_code() {
  std::string symbol;
  for (const std::uint64_t address : addresses_) {
    const std::optional<std::uint32_t> word = word_at(image_, address);
    if (!word) continue;
    Word row{address, *word, disassemble_(*word, address), -1, ""};
    if (row.text.empty()) row.text = fmt::format(".word {:#010x}", *word);
    if (const binary::LineRow* line = table_.find(address))
      row.line = line_index({table_.files[line->file], line->line, 0});
    const Symbol* const around = image_.containing(address);
    const std::string name = around == nullptr ? fmt::format("{:#x}", address) : around->name;
    if (name != symbol) row.symbol = name;
    symbol = name;
    code_at_[address] = static_cast<int>(code_.size());
    code_.push_back(std::move(row));
  }
}

int Listing::line_index(const ir::Location& where) const {
  const auto at = line_at_.find({where.file, where.line});
  return at == line_at_.end() ? -1 : at->second;
}

int Listing::code_index(std::uint64_t address) const {
  const auto at = code_at_.find(address);
  return at == code_at_.end() ? -1 : at->second;
}

void Listing::to_json(Json& page) const {
  page["files"] = files_;
  Json lines = Json::array(), code = Json::array();
  for (const Line& line : lines_) lines.push_back({line.file, line.number, line.text});
  for (const Word& word : code_) {
    code.push_back(
        {fmt::format("{:x}", word.address), fmt::format("{:08x}", word.word), word.text, word.line, word.symbol});
  }
  page["lines"] = std::move(lines);
  page["code"] = std::move(code);
}

}  // namespace validator::report::html
