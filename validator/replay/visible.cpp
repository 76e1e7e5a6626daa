// SPDX-License-Identifier: Apache-2.0
// Only bytes that some side has written can differ, so the walk costs what the runs wrote.
#include "validator/replay/visible.hpp"

#include <algorithm>

namespace validator::replay {

PrivateRanges PrivateRanges::of(const EntryState& entry, const ir::Function& source) {
  PrivateRanges ranges{entry.sp - frame_window, entry.sp};
  for (const ir::AbiSlot& slot : source.parameters) {
    if (slot.place.kind != ir::AbiPlace::Kind::stack) continue;
    const std::uint64_t bytes = (bits_of(slot.term.sort()) + 63) / 64 * 8;
    ranges.frame_high = std::max(ranges.frame_high, entry.sp + slot.place.index + bytes);
  }
  return ranges;
}

VisibleMemory::Pair& VisibleMemory::at(std::uint64_t address) {
  auto [entry, inserted] = bytes_.try_emplace(address);
  if (inserted) entry->second.source = entry->second.binary = entry_.byte(address);
  return entry->second;
}

void VisibleMemory::advance(std::size_t source_accesses, std::size_t binary_accesses) {
  // Private bytes differ all the time; those of exposed locals are looked at where they are asked for.
  auto note = [&](std::uint64_t address, const Pair& pair) {
    if (ranges_.in_frame(address)) return;
    if (differs(pair))
      differing_.insert(address);
    else
      differing_.erase(address);
  };
  for (; source_done_ < source_accesses; ++source_done_) {
    const Access& access = source_.accesses[source_done_];
    for (unsigned i = 0; access.is_write && i < access.bytes; ++i) {
      Pair& pair = at(access.address + i);
      pair.source = static_cast<std::uint8_t>(access.value >> (8 * i));
      pair.unspecified = static_cast<std::uint8_t>(access.unspecified >> (8 * i));
      note(access.address + i, pair);
    }
  }
  for (; binary_done_ < binary_accesses; ++binary_done_) {
    const Access& access = binary_.accesses[binary_done_];
    for (unsigned i = 0; access.is_write && i < access.bytes; ++i) {
      Pair& pair = at(access.address + i);
      pair.binary = static_cast<std::uint8_t>(access.value >> (8 * i));
      note(access.address + i, pair);
    }
  }
}

bool VisibleMemory::differs(const Pair& pair) { return ((pair.source ^ pair.binary) & ~pair.unspecified) != 0; }

std::optional<VisibleMemory::Mismatch> VisibleMemory::mismatch_at(std::uint64_t address) const {
  auto found = bytes_.find(address);
  if (found == bytes_.end() || !differs(found->second)) return std::nullopt;
  return Mismatch{address, found->second.source, found->second.binary};
}

bool VisibleMemory::visible(std::uint64_t address) const {
  auto inside = [&](const LocalSpan& local) { return address - local.address < local.bytes; };
  if (std::any_of(exposed_.begin(), exposed_.end(), inside)) return true;
  return !ranges_.in_frame(address) && std::none_of(source_.locals.begin(), source_.locals.end(), inside);
}

std::optional<VisibleMemory::Mismatch> VisibleMemory::first_mismatch() const {
  for (std::uint64_t address : differing_)
    if (visible(address)) return mismatch_at(address);
  for (const LocalSpan& local : exposed_)
    if (auto mismatch = first_mismatch(local.address, local.bytes)) return mismatch;
  return std::nullopt;
}

std::optional<VisibleMemory::Mismatch> VisibleMemory::first_mismatch(std::uint64_t address, std::uint64_t bytes) const {
  for (std::uint64_t i = 0; i < bytes; ++i) {
    const auto mismatch = mismatch_at(address + i);
    if (mismatch && visible(address + i)) return mismatch;
  }
  return std::nullopt;
}

Cell VisibleMemory::source_bytes(std::uint64_t address, unsigned bytes) const {
  Cell cell;
  for (unsigned i = 0; i < bytes; ++i) {
    auto found = bytes_.find(address + i);
    const Pair pair = found == bytes_.end() ? Pair{entry_.byte(address + i), 0, 0} : found->second;
    cell.value |= static_cast<u128>(pair.source) << (8 * i);
    cell.unspecified |= static_cast<u128>(pair.unspecified) << (8 * i);
  }
  return cell;
}

u128 VisibleMemory::binary_bytes(std::uint64_t address, unsigned bytes) const {
  u128 value = 0;
  for (unsigned i = 0; i < bytes; ++i) {
    auto found = bytes_.find(address + i);
    value |= static_cast<u128>(found == bytes_.end() ? entry_.byte(address + i) : found->second.binary) << (8 * i);
  }
  return value;
}

}  // namespace validator::replay
