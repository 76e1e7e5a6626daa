// SPDX-License-Identifier: Apache-2.0
// Address spaces: the ASID table, the walk, and mapping of pages and tables into a space. KERNEL-ABI section 9.3.
#pragma once

#include "cap/slot.hpp"
#include "mem/page_entry.hpp"

struct KernelState;

namespace mem {

using cap::Capability;

inline constexpr u64 asid_pool_count = 128;
inline constexpr u64 asids_per_pool = 512;

struct AsidPool {
  TableRef spaces[asids_per_pool];
};
static_assert(sizeof(AsidPool) == 1 << api::asid_pool_bits);

/// Where a walk for an address ended: the entry, and its level (0..3).
struct Walk {
  EntryRef entry;
  u64 level;
};

/// Follows tables from `root` until an entry that is no table, or until `stop_level`.
[[nodiscard]] Walk walk(TableRef root, UserVirt address, u64 stop_level);

/// The address space that an ASID names now; null if none.
[[nodiscard]] TableRef find_space(const KernelState& kernel, Asid asid);

/// The root table named by a VSpace capability that is (still) assigned to its ASID; or the error.
[[nodiscard]] Result<TableRef> assigned_space(const KernelState& kernel, Capability vspace);

/// The level whose entries map 2^bits bytes.
constexpr u64 level_of_size(u64 bits) { return last_level - (bits - api::small_page_bits) / 9; }

/// The entry that maps a frame.
[[nodiscard]] PageEntry page_entry(PhysAddr base, u64 bits, bool writable, bool user, u64 attributes);

/// Removes the mapping of a frame capability, if that still exists.
void unmap_frame(KernelState& kernel, Capability frame);

/// Removes a table capability's table from the space that it is mapped in.
void unmap_table(KernelState& kernel, Capability table);

/// Forgets an address space; and all spaces of a pool.
void delete_space(KernelState& kernel, Capability vspace);
void delete_pool(KernelState& kernel, Capability pool);

/// Makes the address space of the current thread the one that user level runs in.
void activate_space(KernelState& kernel);

}  // namespace mem
