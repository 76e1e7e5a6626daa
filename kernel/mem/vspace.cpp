// SPDX-License-Identifier: Apache-2.0
// The walk and what follows from it. A capability's record of where it is mapped is an allegation about the past: the
// space may be gone, the entry may be another's. So unmapping looks first and removes only what is its own.
#include "mem/vspace.hpp"

#include "machine/aarch64/tlb.hpp"
#include "state.hpp"

namespace mem {

using cap::FrameView;
using cap::PageTableView;
using cap::VSpaceView;

namespace {

/// The address space of threads without one: nothing is mapped.
alignas(4096) constinit PageTable no_space = {};

EntryRef entry_of(TableRef table, UserVirt address, u64 level) {
  return EntryRef(table.word()).element(index_at(address, level));
}

}  // namespace

Walk walk(TableRef root, UserVirt address, u64 stop_level) {
  TableRef table = root;
  for (u64 level = 0; level < stop_level; ++level) {
    variant(last_level - level);
    const EntryRef entry = entry_of(table, address, level);
    if (!is_table(entry.get())) {
      return Walk{entry, level};
    }
    table = ref_at<PageTable>(target_of(entry.get()));
  }
  return Walk{entry_of(table, address, stop_level), stop_level};
}

TableRef find_space(const KernelState& kernel, Asid asid) {
  const u64 pool_index = asid.word() / asids_per_pool;
  if (pool_index >= asid_pool_count) {
    return null_ref<PageTable>;
  }
  const Ref<AsidPool> pool = kernel.asid_pools[pool_index];
  return pool.is_null() ? null_ref<PageTable> : pool->spaces[asid.word() % asids_per_pool];
}

Result<TableRef> assigned_space(const KernelState& kernel, Capability vspace) {
  if (kind_of(vspace) != cap::CapKind::VSpace || get<VSpaceView::AsidWord>(vspace) == 0) {
    return failure<TableRef>(invalid_capability(1));
  }
  const TableRef space = find_space(kernel, Asid(get<VSpaceView::AsidWord>(vspace)));
  if (space.is_null()) {
    return failure<TableRef>(lookup_failure(LookupError::InvalidRoot, 0, 0, 0));
  }
  if (phys_of(space).word() != get<VSpaceView::Base>(vspace)) {
    return failure<TableRef>(invalid_capability(1));
  }
  return success(space);
}

PageEntry page_entry(PhysAddr base, u64 bits, bool writable, bool user, u64 attributes) {
  const bool cacheable = (attributes & 1) != 0;
  const bool never_executed = (attributes & 4) != 0;
  u64 entry =
      base.word() | entry_valid | entry_accessed | entry_not_global | entry_inner_shareable | entry_privileged_never;
  entry |= bits == api::small_page_bits ? entry_table : 0;
  entry |= cacheable ? memory_normal : memory_device;
  entry |= never_executed ? entry_user_never : 0;
  entry |= user ? entry_user : 0;
  entry |= writable && user ? 0 : entry_read_only;
  return PageEntry{entry};
}

void unmap_frame(KernelState& kernel, Capability frame) {
  const Asid asid(get<FrameView::AsidWord>(frame));
  const UserVirt address(get<FrameView::MappedAt>(frame));
  const TableRef space = asid.word() == 0 ? null_ref<PageTable> : find_space(kernel, asid);
  if (space.is_null()) {
    return;
  }
  const u64 level = level_of_size(get<FrameView::Bits>(frame));
  const Walk found = walk(space, address, level);
  const bool same_level = found.level == level && is_valid(found.entry.get());
  if (same_level && target_of(found.entry.get()).word() == get<FrameView::Base>(frame)) {
    found.entry.mut() = PageEntry{0};
    machine::dsb();
    machine::invalidate_page(asid, address);
  }
}

namespace {

/// The entry that points at a table, in the space and at the address where it was mapped; null if it is gone.
EntryRef entry_of_table(TableRef space, UserVirt address, PhysAddr table) {
  TableRef level_table = space;
  for (u64 level = 0; level < last_level; ++level) {
    variant(last_level - level);
    const EntryRef entry = entry_of(level_table, address, level);
    if (!is_table(entry.get())) {
      return null_ref<PageEntry>;
    }
    if (target_of(entry.get()) == table) {
      return entry;
    }
    level_table = ref_at<PageTable>(target_of(entry.get()));
  }
  return null_ref<PageEntry>;
}

}  // namespace

void unmap_table(KernelState& kernel, Capability table) {
  const Asid asid(get<PageTableView::AsidWord>(table));
  const TableRef space = asid.word() == 0 ? null_ref<PageTable> : find_space(kernel, asid);
  if (space.is_null()) {
    return;
  }
  const UserVirt address(get<PageTableView::MappedAt>(table));
  const EntryRef entry = entry_of_table(space, address, PhysAddr(get<PageTableView::Base>(table)));
  if (entry.is_some()) {
    entry.mut() = PageEntry{0};
    machine::dsb();
    machine::invalidate_space(asid);
  }
}

void delete_space(KernelState& kernel, Capability vspace) {
  const Asid asid(get<VSpaceView::AsidWord>(vspace));
  const TableRef space = asid.word() == 0 ? null_ref<PageTable> : find_space(kernel, asid);
  if (space.is_null() || phys_of(space).word() != get<VSpaceView::Base>(vspace)) {
    return;
  }
  const Ref<AsidPool> pool = kernel.asid_pools[asid.word() / asids_per_pool];
  pool.mut().spaces[asid.word() % asids_per_pool] = null_ref<PageTable>;
  // First off the tables, then forget them: a walk in between would bring them back.
  activate_space(kernel);
  machine::invalidate_space(asid);
}

void delete_pool(KernelState& kernel, Capability pool) {
  const u64 first = get<cap::AsidPoolView::First>(pool);
  kernel.asid_pools[first / asids_per_pool] = null_ref<AsidPool>;
  activate_space(kernel);
  machine::invalidate_all();
}

void activate_space(KernelState& kernel) {
  const Capability vspace = thread_cap(kernel.current, sched::ThreadSlot::VSpace);
  const Result<TableRef> space = assigned_space(kernel, vspace);
  u64 wanted = phys_of(ref_to(no_space)).word();
  if (space.ok()) {
    wanted = get<VSpaceView::Base>(vspace) | (get<VSpaceView::AsidWord>(vspace) << 48);
  }
  if (wanted != kernel.active_space) {
    kernel.active_space = wanted;
    machine_set_user_space(wanted);
  }
}

}  // namespace mem
