// SPDX-License-Identifier: Apache-2.0
// Mapping invocations: an entry and the capability that remembers it change together.
#include "mem/mapping.hpp"

#include "api/labels.hpp"
#include "base/memory.hpp"
#include "cap/cspace.hpp"
#include "cap/derivation.hpp"
#include "machine/aarch64/tlb.hpp"

namespace mem {

using cap::AsidPoolView;
using cap::CapKind;
using cap::FrameView;
using cap::PageTableView;
using cap::UntypedView;
using cap::VSpaceView;

namespace {

Asid asid_of_space(const KernelState& kernel) { return Asid(get<VSpaceView::AsidWord>(ipc::extra(kernel, 0)->cap)); }

/// Writes a page's entry and notes in the frame's capability where it is mapped.
void commit_page(SlotRef slot, EntryRef entry, PageEntry value, UserVirt address, Asid asid) {
  // Break before make: the old translation is gone everywhere before the new one appears.
  if (is_valid(entry.get())) {
    entry.mut() = PageEntry{0};
    machine::dsb();
    machine::invalidate_page(asid, address);
  }
  entry.mut() = value;
  machine::dsb();
  const Capability placed = cap::with<FrameView::MappedAt>(slot->cap, address.word());
  slot.mut().cap = cap::with<FrameView::AsidWord>(placed, asid.word());
}

PageEntry wanted_entry(const KernelState& kernel, Capability frame) {
  const u64 rights = get<FrameView::RightBits>(frame) & ipc::word(kernel, 1);
  const bool readable = (rights & 2) != 0;
  const bool writable = (rights & 1) != 0;
  const PhysAddr base(get<FrameView::Base>(frame));
  return page_entry(base, get<FrameView::Bits>(frame), writable && readable, readable, ipc::word(kernel, 2));
}

Outcome map_page(KernelState& kernel, Request request) {
  const Outcome length = ipc::check_length(request, 3, 1);
  if (!length.ok()) {
    return length;
  }
  const Result<TableRef> space = decode_space(kernel);
  if (!space.ok()) {
    return space.failure();
  }
  const UserVirt address(ipc::word(kernel, 0));
  const Asid asid = asid_of_space(kernel);
  const Outcome allowed = check_frame(request.cap(), address, asid);
  if (!allowed.ok()) {
    return allowed;
  }
  const Result<EntryRef> entry = decode_page_entry(space.value(), address, get<FrameView::Bits>(request.cap()));
  if (!entry.ok()) {
    return entry.failure();
  }
  commit_page(request.slot, entry.value(), wanted_entry(kernel, request.cap()), address, asid);
  return done;
}

Outcome unmap_page(KernelState& kernel, Request request) {
  unmap_frame(kernel, request.cap());
  request.slot.mut().cap = cap::derived(request.cap());
  return done;
}

/// Puts a table at the first missing level of an address.
void commit_table(SlotRef slot, EntryRef entry, UserVirt address, u64 level, Asid asid) {
  const Capability table = slot->cap;
  entry.mut() = table_entry(PhysAddr(get<PageTableView::Base>(table)));
  machine::dsb();
  const u64 start = align_down(address.word(), level_shift(level));
  const Capability placed = cap::with<PageTableView::MappedAt>(table, start);
  slot.mut().cap = cap::with<PageTableView::AsidWord>(placed, asid.word());
}

Outcome map_table(KernelState& kernel, Request request) {
  const Outcome length = ipc::check_length(request, 2, 1);
  if (!length.ok()) {
    return length;
  }
  if (get<PageTableView::AsidWord>(request.cap()) != 0) {
    return invalid_capability(0);
  }
  const UserVirt address(ipc::word(kernel, 0));
  if (address.word() > user_top) {
    return invalid_argument(0);
  }
  const Result<TableRef> space = decode_space(kernel);
  if (!space.ok()) {
    return space.failure();
  }
  const Walk found = walk(space.value(), address, last_level);
  if (found.level == last_level || is_valid(found.entry.get())) {
    return fail(Error::DeleteFirst);
  }
  commit_table(request.slot, found.entry, address, found.level, asid_of_space(kernel));
  return done;
}

Outcome unmap_table_cap(KernelState& kernel, Request request) {
  if (!cap::is_final(request.slot)) {
    return fail(Error::RevokeFirst);
  }
  const Capability table = request.cap();
  if (get<PageTableView::AsidWord>(table) != 0) {
    unmap_table(kernel, table);
    zero_words(ref_at<u64>(PhysAddr(get<PageTableView::Base>(table))), 512);
  }
  const Capability free = cap::with<PageTableView::AsidWord>(table, 0);
  request.slot.mut().cap = cap::with<PageTableView::MappedAt>(free, 0);
  return done;
}

/// Whether a slot holds 4 KiB of unused RAM.
Outcome check_pool_memory(SlotRef untyped) {
  const Capability cap = untyped->cap;
  const bool fits = kind_of(cap) == CapKind::Untyped && get<UntypedView::Bits>(cap) == api::asid_pool_bits &&
                    get<UntypedView::Device>(cap) == 0;
  if (!fits) {
    return invalid_capability(1);
  }
  return cap::has_children(untyped) ? fail(Error::RevokeFirst) : done;
}

void commit_pool(KernelState& kernel, u64 index, SlotRef untyped, SlotRef target) {
  const PhysAddr base(get<UntypedView::Base>(untyped->cap));
  zero_words(ref_at<u64>(base), sizeof(AsidPool) / sizeof(u64));
  untyped.mut().cap = cap::with<UntypedView::Free>(untyped->cap, sizeof(AsidPool));
  cap::insert_child(AsidPoolView::make(base, Asid(index * asids_per_pool)), untyped, target);
  kernel.asid_pools[index] = ref_at<AsidPool>(base);
}

Outcome make_pool(KernelState& kernel) {
  const u64 index = free_pool(kernel);
  if (index == asid_pool_count) {
    return fail(Error::DeleteFirst);
  }
  const SlotRef untyped = ipc::extra(kernel, 0);
  const Outcome memory = check_pool_memory(untyped);
  if (!memory.ok()) {
    return memory;
  }
  const Capability root = ipc::extra(kernel, 1)->cap;
  const Result<SlotRef> target = cap::lookup_exact(root, CPtr(ipc::word(kernel, 0)), Depth(ipc::word(kernel, 1)));
  if (!target.ok()) {
    return target.failure();
  }
  if (!is_empty(target.value())) {
    return fail(Error::DeleteFirst);
  }
  commit_pool(kernel, index, untyped, target.value());
  return done;
}

Outcome assign(KernelState& kernel, Request request) {
  const SlotRef space = ipc::extra(kernel, 0);
  if (kind_of(space->cap) != CapKind::VSpace || get<VSpaceView::AsidWord>(space->cap) != 0) {
    return invalid_capability(1);
  }
  const u64 first = get<AsidPoolView::First>(request.cap());
  const Ref<AsidPool> pool = kernel.asid_pools[first / asids_per_pool];
  const u64 index = free_asid(pool, first);
  if (index == asids_per_pool) {
    return fail(Error::DeleteFirst);
  }
  pool.mut().spaces[index] = ref_at<PageTable>(PhysAddr(get<VSpaceView::Base>(space->cap)));
  space.mut().cap = cap::with<VSpaceView::AsidWord>(space->cap, first + index);
  return done;
}

}  // namespace

Outcome invoke_frame(KernelState& kernel, Request request) {
  switch (static_cast<api::Label>(request.label())) {
    case api::Label::PageMap:
      return map_page(kernel, request);
    case api::Label::PageUnmap:
      return unmap_page(kernel, request);
    case api::Label::PageGetAddress:
      return done_with(get<FrameView::Base>(request.cap()));
    default:
      return fail(Error::IllegalOperation);
  }
}

Outcome invoke_table(KernelState& kernel, Request request) {
  switch (static_cast<api::Label>(request.label())) {
    case api::Label::PageTableMap:
      return map_table(kernel, request);
    case api::Label::PageTableUnmap:
      return unmap_table_cap(kernel, request);
    default:
      return fail(Error::IllegalOperation);
  }
}

Outcome invoke_asid_control(KernelState& kernel, Request request) {
  if (static_cast<api::Label>(request.label()) != api::Label::AsidControlMakePool) {
    return fail(Error::IllegalOperation);
  }
  const Outcome length = ipc::check_length(request, 2, 2);
  return length.ok() ? make_pool(kernel) : length;
}

Outcome invoke_asid_pool(KernelState& kernel, Request request) {
  if (static_cast<api::Label>(request.label()) != api::Label::AsidPoolAssign) {
    return fail(Error::IllegalOperation);
  }
  const Outcome length = ipc::check_length(request, 0, 1);
  return length.ok() ? assign(kernel, request) : length;
}

}  // namespace mem
