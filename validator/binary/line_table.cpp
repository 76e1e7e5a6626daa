// SPDX-License-Identifier: Apache-2.0
// The only includer of LLVM's DWARF reader.
#include "validator/binary/line_table.hpp"

#include <llvm/DebugInfo/DWARF/DWARFContext.h>
#include <llvm/Object/ObjectFile.h>

#include <algorithm>
#include <filesystem>
#include <map>

namespace validator::binary {
namespace {

class Collector {
 public:
  explicit Collector(LineTable& table) : table_(table) {}

  void add(const llvm::DWARFDebugLine::LineTable& lines, const char* folder) {
    unit_.clear();
    for (const llvm::DWARFDebugLine::Row& row : lines.Rows) {
      const bool end = row.EndSequence != 0;
      table_.rows.push_back({row.Address.Address, end ? 0 : file(lines, row.File, folder), end ? 0 : row.Line});
    }
  }

 private:
  std::uint32_t file(const llvm::DWARFDebugLine::LineTable& lines, std::uint64_t number, const char* folder) {
    if (const auto known = unit_.find(number); known != unit_.end()) return known->second;
    std::string name;
    using Kind = llvm::DILineInfoSpecifier::FileLineInfoKind;
    lines.getFileNameByIndex(number, folder == nullptr ? "" : folder, Kind::AbsoluteFilePath, name);
    name = std::filesystem::path(name).lexically_normal().string();
    const auto [at, is_new] = numbers_.try_emplace(name, static_cast<std::uint32_t>(table_.files.size()));
    if (is_new) table_.files.push_back(name);
    unit_[number] = at->second;
    return at->second;
  }

  LineTable& table_;
  std::map<std::string, std::uint32_t> numbers_;
  std::map<std::uint64_t, std::uint32_t> unit_;
};

}  // namespace

const LineRow* LineTable::find(std::uint64_t address) const {
  auto after = std::upper_bound(rows.begin(), rows.end(), address,
                                [](std::uint64_t a, const LineRow& row) { return a < row.address; });
  if (after == rows.begin()) return nullptr;
  --after;
  return after->line == 0 ? nullptr : &*after;
}

LineTable read_line_table(const std::string& elf) {
  LineTable table;
  auto file = llvm::object::ObjectFile::createObjectFile(elf);
  if (!file) {
    llvm::consumeError(file.takeError());
    return table;
  }
  const auto silent = [](llvm::Error error) { llvm::consumeError(std::move(error)); };
  const std::unique_ptr<llvm::DWARFContext> dwarf = llvm::DWARFContext::create(
      *file->getBinary(), llvm::DWARFContext::ProcessDebugRelocations::Ignore, nullptr, "", silent, silent);
  Collector collector(table);
  for (const std::unique_ptr<llvm::DWARFUnit>& unit : dwarf->compile_units()) {
    auto lines = dwarf->getLineTableForUnit(unit.get(), silent);
    if (!lines) {
      llvm::consumeError(lines.takeError());
      continue;
    }
    if (*lines != nullptr) collector.add(**lines, unit->getCompilationDir());
  }
  // Where one sequence ends and the next begins, the end comes first.
  std::stable_sort(table.rows.begin(), table.rows.end(), [](const LineRow& a, const LineRow& b) {
    return a.address != b.address ? a.address < b.address : a.line == 0 && b.line != 0;
  });
  return table;
}

}  // namespace validator::binary
