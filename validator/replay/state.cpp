// SPDX-License-Identifier: Apache-2.0
// Entry states and environment answers: pure functions of explicit data and seeds.
#include "validator/replay/state.hpp"

#include <algorithm>
#include <optional>

namespace validator::replay {

std::uint64_t mix(std::uint64_t a, std::uint64_t b, std::uint64_t c) {
  // splitmix64's finaliser (Steele, Lea, Flood 2014) over an odd-constant combination.
  std::uint64_t h = a * 0x9e3779b97f4a7c15 + b * 0xc2b2ae3d27d4eb4f + c * 0x165667b19e3779f9 + 0x27d4eb2f165667c5;
  h = (h ^ (h >> 30)) * 0xbf58476d1ce4e5b9;
  h = (h ^ (h >> 27)) * 0x94d049bb133111eb;
  return h ^ (h >> 31);
}

void EntryMemory::store(std::uint64_t address, unsigned count, u128 value) {
  for (unsigned i = 0; i < count; ++i) bytes[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
}

namespace {

const Segment* segment_at(const Image* image, std::uint64_t address) {
  if (image == nullptr) return nullptr;
  for (const Segment& segment : image->segments)
    if (address - segment.address < segment.bytes.size()) return &segment;
  return nullptr;
}

}  // namespace

bool EntryState::is_read_only(std::uint64_t address) const {
  const Segment* segment = segment_at(image, address);
  return segment != nullptr && !segment->writable;
}

std::uint8_t EntryState::byte(std::uint64_t address) const {
  const Segment* segment = segment_at(image, address);
  if (segment != nullptr && !segment->writable) return segment->bytes[address - segment->address];
  if (auto found = memory.bytes.find(address); found != memory.bytes.end()) return found->second;
  return static_cast<std::uint8_t>(mix(memory.seed, address >> 3) >> (8 * (address & 7)));
}

u128 EntryState::parameter(const ir::AbiSlot& slot) const {
  const ir::Sort sort = slot.term.sort();
  const unsigned bits = sort.is_bool() ? 1 : sort.width;
  u128 value = 0;
  if (slot.place.kind == ir::AbiPlace::Kind::x_register) {
    IR_ASSERT(slot.place.index < 31);
    value = x[slot.place.index];
  } else {
    for (unsigned i = 0; i < (bits + 7) / 8; ++i)
      value |= static_cast<u128>(byte(sp + slot.place.index + i)) << (8 * i);
  }
  return bits >= 128 ? value : value & ((u128{1} << bits) - 1);
}

void EntryState::set_parameter(const ir::AbiSlot& slot, u128 value) {
  const ir::Sort sort = slot.term.sort();
  const unsigned bits = sort.is_bool() ? 1 : sort.width;
  const u128 significant = bits >= 128 ? ~u128{0} : (u128{1} << bits) - 1;
  if (slot.place.kind == ir::AbiPlace::Kind::x_register) {
    IR_ASSERT(slot.place.index < 31);
    const u128 old = x[slot.place.index];
    x[slot.place.index] = static_cast<std::uint64_t>((old & ~significant) | (value & significant));
  } else {
    memory.store(sp + slot.place.index, (bits + 7) / 8, value & significant);
  }
}

namespace {

/// Where the image has these constant bytes; a compiler may have merged them into a longer object.
std::optional<std::uint64_t> find_constant(const Image& image, const std::vector<std::uint8_t>& bytes,
                                           std::uint64_t alignment) {
  if (bytes.empty()) return std::nullopt;
  for (const Segment& segment : image.segments) {
    if (segment.writable) continue;
    for (auto at = segment.bytes.begin();; ++at) {
      at = std::search(at, segment.bytes.end(), bytes.begin(), bytes.end());
      if (at == segment.bytes.end()) break;
      const std::uint64_t address = segment.address + static_cast<std::uint64_t>(at - segment.bytes.begin());
      if (alignment == 0 || address % alignment == 0) return address;
    }
  }
  return std::nullopt;
}

}  // namespace

void EntryState::place_globals(const ir::Module& source) {
  // Objects that the image does not have: the compiler folded them away, so they keep their initial content.
  std::uint64_t next = unplaced_objects;
  if (image != nullptr) {
    for (const Symbol& symbol : image->symbols)
      if (symbol.kind == SymbolKind::function && image->find(symbol.name) != nullptr)
        globals.try_emplace("@" + symbol.name, Placement{symbol.address, symbol.bytes});
  }
  for (const auto& [name, global] : source.globals) {
    const Symbol* symbol = image == nullptr || global.symbol.empty() ? nullptr : image->find(global.symbol);
    if (symbol != nullptr) {
      globals[name] = {symbol->address, global.bytes != 0 ? global.bytes : symbol->bytes};
      continue;
    }
    if (image != nullptr && global.is_const && global.has_initialiser && global.relocations.empty()) {
      if (auto address = find_constant(*image, global.initial, global.alignment)) {
        globals[name] = {*address, global.bytes};
        continue;
      }
    }
    const std::uint64_t alignment = std::max<std::uint64_t>(global.alignment, 16);
    next = (next + alignment - 1) / alignment * alignment;
    globals[name] = {next, global.bytes};
    for (std::size_t i = 0; global.has_initialiser && i < global.initial.size(); ++i)
      memory.bytes[next + i] = global.initial[i];
    next += global.bytes + 4096;
  }
  for (const auto& [name, global] : source.globals) {
    for (const auto& [offset, symbol] : global.relocations) {
      auto target = globals.find("@" + symbol);
      const std::uint64_t address = globals.at(name).address + offset;
      if (target != globals.end() && !is_read_only(address) && memory.bytes.contains(address))
        memory.store(address, 8, target->second.address);
    }
  }
}

std::uint64_t Answer::register_after(unsigned number) const {
  if (auto found = x.find(number); found != x.end()) return found->second;
  return mix(seed, 0x100 + number);
}

bool Answer::flag_after(unsigned index) const { return (mix(seed, 0x200) >> index & 1) != 0; }

Answer& Environment::answer(std::size_t event) {
  while (answers.size() <= event) {
    Answer fresh;
    fresh.seed = mix(seed, answers.size(), 0xa5);
    answers.push_back(std::move(fresh));
  }
  return answers[event];
}

const CalleeContract& Environment::contract(const std::string& symbol) const {
  static const CalleeContract aapcs64;
  auto found = contracts.find(symbol);
  return found == contracts.end() ? aapcs64 : found->second;
}

}  // namespace validator::replay
