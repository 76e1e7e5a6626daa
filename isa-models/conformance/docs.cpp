// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/docs.hpp"

#include <cctype>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "isa-models/diagram.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/sampler.hpp"

namespace isa {
namespace {

constexpr const char* functions_page = "shared-functions.md";
constexpr unsigned examples = 4;

std::string slug(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) result += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!result.empty() && result.back() != '-') result += '-';
  }
  while (!result.empty() && result.back() == '-') result.pop_back();
  return result;
}

std::string hex8(std::uint32_t word) {
  char text[16];
  std::snprintf(text, sizeof text, "%08x", word);
  return text;
}

/// A cell of a table.
std::string cell(const std::string& text) {
  std::string result;
  for (const char c : text) {
    if (c == '|') result += '\\';
    result += c;
  }
  return result;
}

bool calls(const std::string& line, const std::string& function) {
  for (auto at = line.find(function); at != std::string::npos; at = line.find(function, at + 1)) {
    const std::size_t end = at + function.size();
    const bool begins = at == 0 || std::isalnum(static_cast<unsigned char>(line[at - 1])) == 0;
    if (begins && end < line.size() && (line[end] == '{' || line[end] == '(')) return true;
  }
  return false;
}

/// The sections of a block, by the word that opens them. The first line of a section may hold its text.
std::map<std::string, std::vector<std::string>> sections_of(const std::vector<std::string>& block) {
  static const std::set<std::string> words = {"instruction", "pages", "refines", "encoding", "decode", "execute", "asm", "test"};
  std::map<std::string, std::vector<std::string>> sections;
  std::string current;
  for (const std::string& line : block) {
    const auto first = line.find_first_not_of(' ');
    if (first == std::string::npos) continue;
    const std::string word = line.substr(first, line.find_first_of(" \r", first) - first);
    if (!words.contains(word)) {
      sections[current].push_back(line);
      continue;
    }
    current = word;
    sections[current];
    if (const std::string rest = line.substr(first + word.size()); rest.find_first_not_of(" \r") != std::string::npos)
      sections[current].push_back(rest);
  }
  return sections;
}

std::string code_block(const std::vector<std::string>& lines) {
  std::size_t indent = std::string::npos;
  for (const std::string& line : lines) indent = std::min(indent, line.find_first_not_of(' '));
  std::string result = "```\n";
  for (const std::string& line : lines) result += line.substr(std::min(indent, line.size())) + "\n";
  return result + "```\n";
}

class Page {
 public:
  Page(const Models& models, const Known& known, const GroupData& group)
      : models_(models), known_(known), group_(group), sections_(sections_of(models.source_of(group.group))) {}

  std::string text() {
    out_ << "# " << group_.group.name << "\n\n[Index](README.md). Model: `" << std::filesystem::path(group_.group.file).filename().string() << ":" << group_.group.line << "`.\n\n";
    out_ << "Arm ARM (DDI 0487) pages: ";
    for (std::size_t i = 0; i < group_.group.pages.size(); ++i) out_ << (i == 0 ? "" : "; ") << group_.group.pages[i];
    out_ << ".\n";
    if (!group_.group.refines.empty())
      out_ << "\nRefines [" << group_.group.refines << "](" << page_name(*models_.find_group(group_.group.refines)) << "): where both match, this group holds.\n";
    encodings();
    section("decode", "Decode", "On the word alone. `UNDEFINED` and `UNPREDICTABLE` refuse it.");
    section("execute", "Execute", "On the state.");
    functions();
    section("asm", "Assembly", "The first rule whose `when` holds.");
    example_words();
    section("test", "Corner cases", "Random words obey each of these in turn.");
    notes();
    return out_.str();
  }

 private:
  void encodings() {
    out_ << "\n## Encoding\n";
    for (const Encoding& encoding : group_.encodings) {
      std::string numbers = "|", rule = "|", labels = "|";
      bool should = false;
      for (const BitColumn& column : bit_columns(encoding)) {
        numbers += " " + column.bits() + " |";
        rule += "---|";
        labels += " " + column.label + " |";
        should = should || column.label[0] == '(';
      }
      out_ << "\n" << numbers << "\n" << rule << "\n" << labels << "\n";
      if (should) out_ << "\nBits in parentheses should have this value; other words are CONSTRAINED UNPREDICTABLE.\n";
    }
  }
  void section(const std::string& word, const std::string& title, const std::string& note) {
    const auto lines = sections_.find(word);
    if (lines == sections_.end() || lines->second.empty()) return;
    out_ << "\n## " << title << "\n\n" << note << "\n\n" << code_block(lines->second);
  }
  void functions() {
    std::set<std::string> used;
    for (const char* word : {"decode", "execute"})
      for (const std::string& line : sections_[word])
        for (const Function& function : models_.data()->functions)
          if (calls(line, function.name)) used.insert(function.name);
    if (used.empty()) return;
    out_ << "\nShared functions:";
    for (const std::string& name : used) out_ << " [" << name << "](" << functions_page << "#" << slug(name) << ")";
    out_ << ".\n";
  }
  void example_words() {
    out_ << "\n## Examples\n\n| word | text at address 0 |\n|---|---|\n";
    Sampler sampler(*models_.data(), group_, 1);
    unsigned shown = 0;
    for (unsigned i = 0; i < 200 && shown < examples; ++i) {
      const auto decoded = models_.decode(sampler.word());
      if (!decoded || &decoded->group() != &group_.group) continue;
      out_ << "| `" << hex8(decoded->word()) << "` | `" << cell(decoded->text(0)) << "` |\n";
      ++shown;
    }
  }
  bool covers(std::uint32_t value) const {
    for (const Encoding& encoding : group_.encodings)
      if ((value & encoding.mask) == encoding.match) return true;
    return false;
  }
  /// A row's words and the encodings' words meet.
  bool meets(std::uint32_t value, std::uint32_t mask) const {
    for (const Encoding& encoding : group_.encodings)
      if (((value ^ encoding.match) & mask & encoding.mask) == 0) return true;
    return false;
  }
  void notes() {
    std::ostringstream text;
    for (const FewJudges& row : known_.few_judges)
      if (row.group == group_.group.name) text << "- Fewer than two executors judge it: " << row.reason << "\n";
    for (const Disagreement& row : known_.disagreements)
      if (meets(row.value, row.mask)) text << "- " << row.executor << " is wrong on some of its words: " << row.citation << "\n";
    for (const UndefinedReading& row : known_.undefined_readings)
      if (meets(row.value, row.mask)) text << "- " << row.reader << " reads some UNDEFINED words: " << row.reason << "\n";
    for (const Pin& row : known_.pins)
      if (covers(row.word)) text << "- `" << hex8(row.word) << "` is " << row.outcome << ": " << row.reason << "\n";
    for (const Survivor& row : known_.survivors)
      if (row.group == group_.group.name) text << "- No test tells `" << row.mutant << "` from the model: " << row.reason << "\n";
    if (!text.str().empty()) out_ << "\n## Notes\n\n" << text.str();
  }

  const Models& models_;
  const Known& known_;
  const GroupData& group_;
  std::map<std::string, std::vector<std::string>> sections_;
  std::ostringstream out_;
};

/// The text from a function's head to its `end`.
std::string functions_text(const ModelData& data) {
  std::ostringstream out;
  out << "# Shared functions\n\n[Index](README.md).\n";
  for (const Function& function : data.functions) {
    std::istringstream source(data.sources.at(function.where.file));
    std::vector<std::string> lines;
    std::string line;
    for (std::uint32_t number = 1; std::getline(source, line); ++number) {
      if (number < function.where.line) continue;
      lines.push_back(line);
      if (line.starts_with("end")) break;
    }
    out << "\n## " << function.name << "\n\n" << code_block(lines);
  }
  return out.str();
}

}  // namespace

std::string page_name(const Group& group) { return slug(group.name) + ".md"; }

std::vector<std::pair<std::string, std::string>> documentation(const Models& models, const Known& known) {
  std::vector<std::pair<std::string, std::string>> pages;
  std::map<std::string, std::string> families;
  for (const GroupData& group : models.data()->groups) {
    pages.emplace_back(page_name(group.group), Page(models, known, group).text());
    std::string row = "| [" + cell(group.group.name) + "](" + page_name(group.group) + ") | ";
    for (std::size_t i = 0; i < group.group.pages.size(); ++i) row += (i == 0 ? "" : "; ") + group.group.pages[i];
    families[std::filesystem::path(group.group.file).filename().string()] += row + " |\n";
  }
  std::string index = "# A64 instruction models\n\nMade by `validate-kernel isa docs` from the models " + models.identity() +
                      ". [Shared functions](" + functions_page + ").\n";
  for (const auto& [file, rows] : families) index += "\n## " + file + "\n\n| group | Arm ARM pages |\n|---|---|\n" + rows;
  pages.emplace_back(functions_page, functions_text(*models.data()));
  pages.emplace_back("README.md", index);
  return pages;
}

}  // namespace isa
