// SPDX-License-Identifier: Apache-2.0
// Classification goes byte by byte over aligned words and merges neighbours: simple enough to be believed, and the text
// of a kernel is small. What no rule claims is `unaccounted`, and the report says so.
#include "validator/binary/text_map.hpp"

#include <algorithm>
#include <array>

namespace validator::binary {

namespace {

constexpr std::array<std::string_view, 7> kind_names{"function", "literal", "padding", "veneer", "data", "assembly", "unaccounted"};

bool in_table(const std::map<std::uint64_t, std::uint64_t>& tables, std::uint64_t address) {
  auto found = tables.upper_bound(address);
  if (found == tables.begin()) return false;
  --found;
  return address - found->first < found->second;
}

class Builder {
 public:
  Builder(const FunctionTable& functions, const std::map<std::uint64_t, std::uint64_t>& tables)
      : functions_(functions), tables_(tables) {}

  TextMap build() {
    for (const Segment& segment : functions_.image().segments) {
      if (segment.executable) add_segment(segment);
    }
    keep_gaps_whole();
    return std::move(map_);
  }

 private:
  void add_segment(const Segment& segment) {
    const std::uint64_t end = segment.address + segment.bytes.size();
    for (std::uint64_t address = segment.address; address < end;) {
      const std::uint64_t next = std::min(end, (address & ~std::uint64_t{3}) + 4);
      Extent extent = classify(address, next - address);
      if (!map_.extents.empty()) {
        Extent& last = map_.extents.back();
        if (last.address + last.bytes == address && last.kind == extent.kind && last.symbol == extent.symbol) {
          last.bytes += extent.bytes;
          address = next;
          continue;
        }
      }
      map_.extents.push_back(std::move(extent));
      address = next;
    }
  }

  /// A nop inside code that nobody accounts for is part of that code.
  void keep_gaps_whole() {
    std::vector<Extent> merged;
    for (std::size_t i = 0; i < map_.extents.size(); ++i) {
      Extent extent = map_.extents[i];
      const bool inside = !merged.empty() && merged.back().kind == ExtentKind::unaccounted && i + 1 < map_.extents.size() &&
                          map_.extents[i + 1].kind == ExtentKind::unaccounted;
      if (extent.kind == ExtentKind::padding && inside) extent.kind = ExtentKind::unaccounted;
      const bool joins = !merged.empty() && merged.back().kind == ExtentKind::unaccounted && extent.kind == ExtentKind::unaccounted &&
                         merged.back().address + merged.back().bytes == extent.address;
      if (joins) {
        merged.back().bytes += extent.bytes;
      } else {
        merged.push_back(std::move(extent));
      }
    }
    map_.extents = std::move(merged);
  }

  Extent classify(std::uint64_t address, std::uint64_t bytes) const {
    Extent extent{address, bytes, ExtentKind::unaccounted, {}};
    const FunctionEntry* function = functions_.containing(address);
    if (!functions_.in_executable_section(address)) {
      extent.kind = ExtentKind::data;
    } else if (function != nullptr) {
      extent.symbol = function->key;
      extent.kind = functions_.is_marked_data(address) || in_table(tables_, address) ? ExtentKind::literal
                    : function->is_veneer                                           ? ExtentKind::veneer
                                                                                     : ExtentKind::function;
    } else if (functions_.is_marked_data(address) || in_table(tables_, address)) {
      extent.kind = ExtentKind::literal;
    } else if (const auto word = functions_.word(address); bytes == 4 && word && is_padding_word(*word)) {
      extent.kind = ExtentKind::padding;
    } else if (word && skips_stubs(*word, address)) {
      extent.kind = ExtentKind::veneer;
    }
    return extent;
  }

  /// GNU ld puts a branch without a symbol in front of its stubs, so that code before them would run past them.
  bool skips_stubs(std::uint32_t word, std::uint64_t address) const {
    if ((word & 0xfc000000) != 0x14000000) return false;  // B (Arm ARM C6.2.26)
    std::uint64_t next = address + 4;
    while (functions_.containing(next) == nullptr && functions_.word(next) && is_padding_word(*functions_.word(next))) next += 4;
    const FunctionEntry* stub = functions_.at(next);
    return stub != nullptr && stub->is_veneer;
  }

  const FunctionTable& functions_;
  const std::map<std::uint64_t, std::uint64_t>& tables_;
  TextMap map_;
};

}  // namespace

std::string_view extent_kind_name(ExtentKind kind) { return kind_names.at(static_cast<std::size_t>(kind)); }

std::uint64_t TextMap::bytes() const {
  std::uint64_t sum = 0;
  for (const Extent& extent : extents) sum += extent.kind == ExtentKind::data ? 0 : extent.bytes;
  return sum;
}

std::uint64_t TextMap::bytes(ExtentKind kind) const {
  std::uint64_t sum = 0;
  for (const Extent& extent : extents) sum += extent.kind == kind ? extent.bytes : 0;
  return sum;
}

std::uint64_t TextMap::bytes_of(const std::string& symbol) const {
  std::uint64_t sum = 0;
  for (const Extent& extent : extents) sum += extent.symbol == symbol ? extent.bytes : 0;
  return sum;
}

void TextMap::mark_assembly(const std::set<std::string>& symbols) {
  for (Extent& extent : extents) {
    if (extent.kind == ExtentKind::function && symbols.contains(extent.symbol)) extent.kind = ExtentKind::assembly;
  }
}

TextMap make_text_map(const FunctionTable& functions, const std::map<std::uint64_t, std::uint64_t>& tables) {
  return Builder(functions, tables).build();
}

}  // namespace validator::binary
