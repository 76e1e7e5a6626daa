// SPDX-License-Identifier: Apache-2.0
// Translation table entries, 4 KiB granule, 48-bit addresses, stage 1. Source: Arm ARM DDI 0487, "VMSAv8-64
// translation table format descriptors". Levels are numbered as there: 0 is the root, 3 holds pages.
#pragma once

#include "base/ref.hpp"

namespace mem {

using namespace base;

struct PageEntry {
  u64 bits;
};

struct PageTable {
  PageEntry entries[512];
};
static_assert(sizeof(PageTable) == 4096);

using TableRef = Ref<PageTable>;
using EntryRef = Ref<PageEntry>;

inline constexpr u64 entry_valid = 1;
inline constexpr u64 entry_table = 2;      // levels 0..2: table, not block; level 3: page
inline constexpr u64 entry_user = 1 << 6;  // AP[1]
inline constexpr u64 entry_read_only = 1 << 7;
inline constexpr u64 entry_inner_shareable = 3 << 8;
inline constexpr u64 entry_accessed = 1 << 10;
inline constexpr u64 entry_not_global = 1 << 11;
inline constexpr u64 entry_privileged_never = u64{1} << 53;
inline constexpr u64 entry_user_never = u64{1} << 54;
inline constexpr u64 entry_address = ones(48) & ~ones(12);

/// Indices into MAIR_EL1, as the loader has set it (KERNEL-ABI section 1).
inline constexpr u64 memory_device = 0 << 2;
inline constexpr u64 memory_normal = 4 << 2;

inline constexpr u64 user_top = 0x0000'7fff'ffff'ffff;
inline constexpr u64 last_level = 3;

/// Bits of an address below the index of `level`: 39, 30, 21, 12.
constexpr u64 level_shift(u64 level) { return 39 - 9 * level; }

constexpr u64 index_at(UserVirt address, u64 level) {
  return shift_right(address.word(), level_shift(level)) & ones(9);
}

constexpr bool is_valid(PageEntry entry) { return (entry.bits & entry_valid) != 0; }

constexpr bool is_table(PageEntry entry) {
  return (entry.bits & (entry_valid | entry_table)) == (entry_valid | entry_table);
}

constexpr PhysAddr target_of(PageEntry entry) { return PhysAddr(entry.bits & entry_address); }

constexpr PageEntry table_entry(PhysAddr table) { return PageEntry{table.word() | entry_valid | entry_table}; }

}  // namespace mem
