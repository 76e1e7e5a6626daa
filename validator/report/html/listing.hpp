// SPDX-License-Identifier: Apache-2.0
// The two texts that stand beside the graphs: the source lines and the instructions that one page speaks of. Lines of
// inlined helpers are among them, and words of fragments that belong to the function.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "ir/function.hpp"
#include "validator/binary/line_table.hpp"
#include "validator/image.hpp"
#include "validator/report/json.hpp"
#include "validator/report/report.hpp"

namespace validator::report::html {

using Disassemble = std::function<std::string(std::uint32_t word, std::uint64_t address)>;

/// Lines of source files, each file read once. A file that cannot be read has no lines.
class SourceTexts {
 public:
  /// Null when the file has no such line. Lines count from 1.
  const std::string* line(const std::string& file, std::uint32_t number);

 private:
  std::map<std::string, std::vector<std::string>> files_;
};

class Listing {
 public:
  Listing(const Image& image, const binary::LineTable& table, SourceTexts& texts, const Disassemble& disassemble)
      : image_(image), table_(table), texts_(texts), disassemble_(disassemble) {}

  void add_line(const ir::Location& where);
  void add_code(std::uint64_t address, std::uint64_t bytes);
  /// All that was added, in order; call once, before the rest.
  void finish(const ir::Location& function);

  int line_index(const ir::Location& where) const;  ///< -1: not listed
  int code_index(std::uint64_t address) const;      ///< -1: not listed
  int line_of_code(int code) const { return code_[static_cast<std::size_t>(code)].line; }
  const std::string& file_of_line(int line) const { return files_[lines_[static_cast<std::size_t>(line)].file]; }
  const std::string& line_text(int line) const { return lines_[static_cast<std::size_t>(line)].text; }
  const std::string& code_text(int code) const { return code_[static_cast<std::size_t>(code)].text; }
  std::uint64_t code_address(int code) const { return code_[static_cast<std::size_t>(code)].address; }

  /// {"files": [...], "lines": [[file, number, text]...], "code": [[address, word, text, line, symbol or ""]...]}
  void to_json(Json& page) const;

 private:
  struct Line {
    std::size_t file = 0;
    std::uint32_t number = 0;
    std::string text;
  };
  struct Word {
    std::uint64_t address = 0;
    std::uint32_t word = 0;
    std::string text;
    int line = -1;
    std::string symbol;  ///< of the first word of each stretch
  };
  void list_lines(const ir::Location& function);
  void list_code();

  const Image& image_;
  const binary::LineTable& table_;
  SourceTexts& texts_;
  const Disassemble& disassemble_;
  std::map<std::string, std::set<std::uint32_t>> wanted_;
  std::vector<std::string> order_;  ///< files, in the order of first mention
  std::set<std::uint64_t> addresses_;
  std::vector<std::string> files_;
  std::vector<Line> lines_;
  std::vector<Word> code_;
  std::map<std::pair<std::string, std::uint32_t>, int> line_at_;
  std::map<std::uint64_t, int> code_at_;
};

}  // namespace validator::report::html
