// SPDX-License-Identifier: Apache-2.0
// Questions about an image's bytes and symbols. All are linear or logarithmic over what the ELF reader stored; none
// knows the file format.
#include "validator/image.hpp"

#include <algorithm>
#include <string_view>

namespace validator {

namespace {

/// ELF for the Arm 64-bit Architecture (AAELF64 5.5.4): $x and $d, alone or followed by a dot, mark code and data.
bool is_mapping_symbol(std::string_view name) {
  return (name.starts_with("$x") || name.starts_with("$d")) && (name.size() == 2 || name[2] == '.');
}

const Segment* segment_of(const std::vector<Segment>& segments, std::uint64_t address, std::uint64_t bytes) {
  for (const Segment& segment : segments) {
    if (address < segment.address) continue;
    const std::uint64_t offset = address - segment.address;
    if (offset <= segment.bytes.size() && bytes <= segment.bytes.size() - offset) return &segment;
  }
  return nullptr;
}

}  // namespace

std::optional<std::uint64_t> Image::read_only(std::uint64_t address, unsigned bytes) const {
  if (bytes == 0 || bytes > 8) return std::nullopt;
  const Segment* segment = segment_of(segments, address, bytes);
  if (segment == nullptr || segment->writable) return std::nullopt;
  std::uint64_t value = 0;
  for (unsigned i = bytes; i-- > 0;) value = value << 8 | segment->bytes[address - segment->address + i];
  return value;
}

std::optional<std::vector<std::uint8_t>> Image::initial(std::uint64_t address, std::uint64_t bytes) const {
  const Segment* segment = segment_of(segments, address, bytes);
  if (segment == nullptr) return std::nullopt;
  const auto begin = segment->bytes.begin() + static_cast<std::ptrdiff_t>(address - segment->address);
  return std::vector<std::uint8_t>(begin, begin + static_cast<std::ptrdiff_t>(bytes));
}

const Symbol* Image::find(const std::string& name) const {
  const Symbol* found = nullptr;
  const Symbol* global = nullptr;
  bool ambiguous = false;
  for (const Symbol& symbol : symbols) {
    if (symbol.name != name) continue;
    if (!symbol.local) global = &symbol;
    if (found != nullptr && found->address != symbol.address) ambiguous = true;
    if (found == nullptr || (found->bytes == 0 && symbol.bytes != 0)) found = &symbol;
  }
  if (!ambiguous) return found;
  return global;
}

const Symbol* Image::containing(std::uint64_t address) const {
  const Symbol* best = nullptr;
  for (const Symbol& symbol : symbols) {
    if (symbol.address > address) break;
    if (symbol.kind == SymbolKind::other || is_mapping_symbol(symbol.name)) continue;
    const bool inside = address - symbol.address < symbol.bytes || address == symbol.address;
    if (!inside) continue;
    if (best == nullptr || symbol.address > best->address) best = &symbol;
  }
  return best;
}

}  // namespace validator
