// SPDX-License-Identifier: Apache-2.0
// The root task's objects: memory for them, its CNode that holds their capabilities, its address space, and
// the boot information that tells where everything is.
#include "base/memory.hpp"
#include "boot/boot.hpp"
#include "cap/derivation.hpp"

namespace boot {

PhysAddr take(Boot& boot, u64 bits) {
  boot.free_end = align_down(boot.free_end - bit(bits), bits);
  zero_words(ref_at<u64>(PhysAddr(boot.free_end)), bit(bits) / sizeof(u64));
  return PhysAddr(boot.free_end);
}

SlotRef provide_at(Boot& boot, InitialSlot slot, Capability cap) {
  const SlotRef target = boot.root_slots.element(static_cast<u64>(slot));
  cap::insert_root(cap, target);
  return target;
}

SlotRef provide(Boot& boot, Capability cap) {
  const SlotRef target = boot.root_slots.element(boot.next_slot);
  boot.next_slot += 1;
  cap::insert_root(cap, target);
  return target;
}

/// The root CNode first, because every other capability goes into it.
void make_root_cnode(Boot& boot) {
  const PhysAddr base = take(boot, api::root_cnode_bits + api::slot_bits);
  boot.root_slots = ref_at<cap::Slot>(base);
  const Capability cap = cap::CNodeView::make(base, api::root_cnode_bits);
  provide_at(boot, InitialSlot::CNode, cap::with<cap::CNodeView::GuardBits>(cap, word_bits - api::root_cnode_bits));
}

void make_root_space(KernelState& kernel, Boot& boot) {
  const PhysAddr space = take(boot, api::vspace_bits);
  const PhysAddr pool = take(boot, api::asid_pool_bits);
  boot.space = ref_at<mem::PageTable>(space);
  kernel.asid_pools[0] = ref_at<mem::AsidPool>(pool);
  kernel.asid_pools[0].mut().spaces[root_asid] = boot.space;
  provide_at(boot, InitialSlot::VSpace, cap::with<cap::VSpaceView::AsidWord>(cap::VSpaceView::make(space), root_asid));
  provide_at(boot, InitialSlot::AsidPool, cap::AsidPoolView::make(pool, Asid(0)));
  provide_at(boot, InitialSlot::IrqControl, cap::make_singleton(cap::CapKind::IrqControl));
  provide_at(boot, InitialSlot::AsidControl, cap::make_singleton(cap::CapKind::AsidControl));
  provide_at(boot, InitialSlot::Domain, cap::make_singleton(cap::CapKind::Domain));
}

/// The boot information's memory comes early, since all regions are noted in it; its mapping needs the tables.
void make_boot_info(Boot& boot) {
  const PhysAddr page = take(boot, api::small_page_bits);
  boot.info = ref_at<BootInfo>(page);
  BootInfo& info = boot.info.mut();
  info.extra_length = extra_size(boot);
  info.node_count = 1;
  info.ipc_buffer = buffer_address(boot);
  info.cnode_size_bits = api::root_cnode_bits;
}

void provide_sched_control(Boot& boot) {
  boot.info.mut().sched_control.start = boot.next_slot;
  provide(boot, cap::make_singleton(cap::CapKind::SchedControl));
  boot.info.mut().sched_control.end = boot.next_slot;
}

void finish_boot_info(Boot& boot) {
  boot.info.mut().empty.start = boot.next_slot;
  boot.info.mut().empty.end = bit(api::root_cnode_bits);
}

}  // namespace boot
