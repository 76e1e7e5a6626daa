// SPDX-License-Identifier: Apache-2.0
#include "isa-models/conformance/known.hpp"

#include <charconv>
#include <filesystem>
#include <fstream>
#include <set>

#include "isa-models/conformance/kept_case.hpp"

namespace isa {
namespace {

class Table {
 public:
  Table(const std::string& directory, const char* name, std::size_t columns) : path_(directory + "/" + name) {
    std::ifstream stream(path_);
    if (!stream) fail(0, "cannot read the table");
    std::string line;
    for (std::uint32_t number = 1; std::getline(stream, line); ++number) {
      if (line.empty() || line[0] == '#') continue;
      std::vector<std::string> cells(1);
      for (const char c : line) {
        if (c == '\t')
          cells.emplace_back();
        else
          cells.back() += c;
      }
      if (cells.size() != columns) fail(number, "expected " + std::to_string(columns) + " columns between tabs");
      for (const std::string& cell : cells)
        if (cell.empty()) fail(number, "a column is empty");
      rows_.emplace_back(number, std::move(cells));
    }
  }
  template <typename Use>
  void each(Use use) {
    for (const auto& [number, cells] : rows_) {
      line_ = number;
      use(cells);
    }
  }
  std::uint32_t word(const std::string& text) const {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, 16);
    if (text.size() != 8 || error != std::errc() || end != text.data() + text.size()) fail(line_, "`" + text + "` is not 8 hexadecimal digits");
    return value;
  }
  [[noreturn]] void fail(std::string message) const { fail(line_, std::move(message)); }

 private:
  [[noreturn]] void fail(std::uint32_t line, std::string message) const {
    throw ir::Error{"isa-conformance", std::move(message), {path_, line, 1}};
  }
  std::string path_;
  std::uint32_t line_ = 0;
  std::vector<std::pair<std::uint32_t, std::vector<std::string>>> rows_;
};

}  // namespace

std::string Known::default_directory() { return SYMBOLON_ISA_CONFORMANCE; }

ir::Result<Known> Known::load(const std::string& directory) try {
  Known known;
  using Cells = std::vector<std::string>;
  std::set<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(directory + "/disagreements"))
    if (entry.path().extension() == ".case") paths.insert(entry.path().string());
  for (const std::string& path : paths) {
    auto kept = read_kept_case(path);
    if (!kept) return kept.error();
    known.disagreements.push_back(std::move(kept->row));
  }
  Table(directory, "few-judges.tsv", 2).each([&](const Cells& c) { known.few_judges.push_back({c[0], c[1]}); });
  Table undefined(directory, "undefined-readings.tsv", 5);
  undefined.each([&](const Cells& c) {
    known.undefined_readings.push_back({c[0], undefined.word(c[1]), undefined.word(c[2]), undefined.word(c[3]), c[4]});
    const UndefinedReading& row = known.undefined_readings.back();
    if ((row.value & ~row.mask) != 0) undefined.fail("the value has bits outside its mask");
    if ((row.example & row.mask) != row.value) undefined.fail("the example is none of the row's words");
  });
  Table pins(directory, "pins.tsv", 3);
  pins.each([&](const Cells& c) { known.pins.push_back({pins.word(c[0]), c[1], c[2]}); });
  Table(directory, "survivors.tsv", 3).each([&](const Cells& c) { known.survivors.push_back({c[0], c[1], c[2]}); });
  return known;
} catch (const ir::Error& error) {
  return error;
} catch (const std::filesystem::filesystem_error& error) {
  return ir::Error{"isa-conformance", error.what(), {directory, 0, 0}};
}

}  // namespace isa
