// SPDX-License-Identifier: Apache-2.0
// Builds the table of functions from symbols. Sizes in .symtab are believed but clipped to the segment; a symbol of
// size 0 reaches to the next symbol that begins code, or to the end of its section.
#include "validator/binary/functions.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string_view>
#include <tuple>

#include <fmt/format.h>

namespace validator::binary {

namespace {

struct NamePattern {
  std::string_view prefix;
  std::string_view infix;
  std::string_view suffix;
};

/// How linkers name their stubs (GNU ld bfd/elfnn-aarch64.c, lld ELF/Thunks.cpp and AArch64ErrataFix.cpp). A name alone
/// changes nothing: a stub is only seen through when its words are one.
constexpr std::array<NamePattern, 4> veneer_names{{
    {"__", "", "_veneer"},
    {"__AArch64", "Thunk_", ""},
    {"e843419@", "", ""},
    {"__CortexA53843419_", "", ""},
}};

/// How compilers name the cold part of a function that is jumped to, not called.
constexpr std::array<NamePattern, 2> split_names{{
    {"", "", ".cold"},
    {"", ".cold.", ""},
}};

bool matches(std::string_view name, const NamePattern& pattern) {
  return name.starts_with(pattern.prefix) && name.ends_with(pattern.suffix) &&
         name.size() > pattern.prefix.size() + pattern.suffix.size() && name.find(pattern.infix) != std::string_view::npos;
}

template <std::size_t n>
bool matches_any(std::string_view name, const std::array<NamePattern, n>& patterns) {
  return std::ranges::any_of(patterns, [&](const NamePattern& pattern) { return matches(name, pattern); });
}

struct PaddingWord {
  std::uint32_t value;
  std::uint32_t mask;
};
constexpr std::array<PaddingWord, 3> padding_words{{
    {0xd503201f, 0xffffffff},  // nop
    {0x00000000, 0xffff0000},  // udf #imm16, and zero fill
    {0xd4200000, 0xffffffff},  // brk #0: lld's filler
}};

bool is_mapping_name(std::string_view name) {
  return name.size() >= 2 && name[0] == '$' && (name[1] == 'x' || name[1] == 'd') && (name.size() == 2 || name[2] == '.');
}

std::size_t rank(const Symbol& symbol) { return (symbol.bytes == 0 ? 2U : 0U) + (symbol.local ? 1U : 0U); }

}  // namespace

bool is_padding_word(std::uint32_t word) {
  return std::ranges::any_of(padding_words, [&](const PaddingWord& row) { return (word & row.mask) == row.value; });
}

FunctionTable::FunctionTable(const Image& image) : image_(&image) {
  read_marks();
  collect();
  set_keys();
}

void FunctionTable::read_marks() {
  for (const Symbol& symbol : image_->symbols) {
    if (is_mapping_name(symbol.name)) marks_.push_back({symbol.address, symbol.name[1] == 'd'});
  }
  // Where both marks stand at one address the zero-sized region before it ended there; $x sorts last and wins.
  std::ranges::stable_sort(marks_, [](const Mark& a, const Mark& b) {
    return std::tuple(a.address, !a.data) < std::tuple(b.address, !b.data);
  });
}

bool FunctionTable::in_executable_section(std::uint64_t address) const {
  return image_->sections.empty() || std::ranges::any_of(image_->sections, [&](const Section& section) {
           return section.executable && address >= section.address && address - section.address < section.bytes;
         });
}

std::uint64_t FunctionTable::region_end(std::uint64_t address) const {
  for (const Section& section : image_->sections) {
    if (section.executable && address >= section.address && address - section.address < section.bytes) {
      return section.address + section.bytes;
    }
  }
  for (const Segment& segment : image_->segments) {
    if (address >= segment.address && address - segment.address < segment.bytes.size()) {
      return segment.address + segment.bytes.size();
    }
  }
  return address;
}

bool FunctionTable::is_marked_data(std::uint64_t address) const {
  auto mark = std::ranges::upper_bound(marks_, address, {}, &Mark::address);
  if (mark == marks_.begin()) return false;
  --mark;
  return mark->data && region_end(mark->address) == region_end(address);
}

std::optional<std::uint32_t> FunctionTable::word(std::uint64_t address) const {
  for (const Segment& segment : image_->segments) {
    if (!segment.executable || address < segment.address) continue;
    const std::uint64_t offset = address - segment.address;
    if (offset >= segment.bytes.size() || segment.bytes.size() - offset < 4) continue;
    std::uint32_t value = 0;
    for (unsigned i = 4; i-- > 0;) value = value << 8 | segment.bytes[offset + i];
    return value;
  }
  return std::nullopt;
}

bool FunctionTable::is_code(std::uint64_t address) const {
  return address % 4 == 0 && word(address) && in_executable_section(address) && !is_marked_data(address);
}

void FunctionTable::collect() {
  std::map<std::uint64_t, std::vector<const Symbol*>> starts;
  std::uint64_t covered = 0;  // end of the function symbols seen so far, in order of address
  std::set<std::uint64_t> labels;
  std::vector<const Symbol*> untyped;
  for (const Symbol& symbol : image_->symbols) {
    if (symbol.absolute || !is_code(symbol.address)) continue;
    if (symbol.kind == SymbolKind::function) {
      starts[symbol.address].push_back(&symbol);
    } else if (symbol.kind == SymbolKind::other && !is_mapping_name(symbol.name)) {
      untyped.push_back(&symbol);
    }
  }
  std::vector<std::pair<std::uint64_t, std::uint64_t>> extents;
  for (const auto& [address, symbols] : starts) {
    std::uint64_t bytes = 0;
    for (const Symbol* symbol : symbols) bytes = std::max(bytes, symbol->bytes);
    extents.emplace_back(address, address + bytes);
  }
  std::size_t next = 0;
  std::map<std::uint64_t, std::vector<const Symbol*>> extra;
  for (const Symbol* symbol : untyped) {  // sorted by address, as image_->symbols is
    while (next < extents.size() && extents[next].first <= symbol->address) covered = std::max(covered, extents[next++].second);
    if (symbol->address < covered || starts.contains(symbol->address)) continue;
    extra[symbol->address].push_back(symbol);
  }
  starts.merge(extra);

  for (auto at = starts.begin(); at != starts.end(); ++at) {
    auto& symbols = at->second;
    std::ranges::stable_sort(symbols, [](const Symbol* a, const Symbol* b) {
      return std::tuple(rank(*a), std::string_view(a->name)) < std::tuple(rank(*b), std::string_view(b->name));
    });
    const Symbol& first = *symbols.front();
    FunctionEntry entry;
    entry.name = first.name;
    entry.file = first.file;
    entry.address = at->first;
    entry.sized = first.bytes != 0 && first.kind == SymbolKind::function;
    entry.is_function_type = first.kind == SymbolKind::function;
    entry.local = first.local;
    entry.is_veneer = matches_any(first.name, veneer_names);
    entry.is_split_part = matches_any(first.name, split_names);
    const std::uint64_t limit = region_end(entry.address);
    if (entry.sized) {
      entry.end = first.bytes <= limit - entry.address ? entry.address + first.bytes : limit;
    } else {
      entry.end = std::next(at) == starts.end() ? limit : std::min(limit, std::next(at)->first);
      while (entry.end - entry.address >= 8 && word(entry.end - 4) && is_padding_word(*word(entry.end - 4))) entry.end -= 4;
    }
    entry.end -= (entry.end - entry.address) % 4;
    if (entry.end == entry.address) continue;
    // A label in front of nothing but filler (a linker script's end mark) is no function.
    const bool only_filler = entry.end - entry.address == 4 && is_padding_word(*word(entry.address));
    if (!entry.is_function_type && only_filler) continue;
    for (std::size_t i = 1; i < symbols.size(); ++i) {
      if (entry.is_function_type || symbols[i]->name != entry.name) entry.aliases.push_back(symbols[i]->name);
    }
    entries_.push_back(std::move(entry));
  }
}

void FunctionTable::set_keys() {
  std::map<std::string, std::vector<FunctionEntry*>> by_name;
  for (FunctionEntry& entry : entries_) by_name[entry.name].push_back(&entry);
  std::set<std::string> used;
  for (auto& [name, entries] : by_name) {
    for (FunctionEntry* entry : entries) {
      const bool unique = entries.size() == 1 || !entry->local;
      entry->key = unique ? name : fmt::format("{}@{}", name, entry->file);
    }
    for (FunctionEntry* entry : entries) {
      const auto same = std::ranges::count(entries, entry->key, [](const FunctionEntry* other) { return other->key; });
      if (same > 1) entry->key = fmt::format("{}@{:#x}", name, entry->address);
    }
    for (FunctionEntry* entry : entries) used.insert(entry->key);
  }
  for (FunctionEntry& entry : entries_) {
    std::ranges::sort(entry.aliases);
    const auto [first, last] = std::ranges::unique(entry.aliases);
    entry.aliases.erase(first, last);
    for (std::string& alias : entry.aliases) {
      if (used.contains(alias)) alias = fmt::format("{}@{:#x}", alias, entry.address);
      used.insert(alias);
    }
  }
}

const FunctionEntry* FunctionTable::at(std::uint64_t address) const {
  const auto found = std::ranges::lower_bound(entries_, address, {}, &FunctionEntry::address);
  return found != entries_.end() && found->address == address ? &*found : nullptr;
}

const FunctionEntry* FunctionTable::containing(std::uint64_t address) const {
  auto found = std::ranges::upper_bound(entries_, address, {}, &FunctionEntry::address);
  while (found != entries_.begin()) {
    --found;
    if (address < found->end) return &*found;
  }
  return nullptr;
}

}  // namespace validator::binary
