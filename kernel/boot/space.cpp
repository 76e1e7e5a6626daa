// SPDX-License-Identifier: Apache-2.0
// The root task's address space: tables for [image, end of extra boot information), level by level, so that their
// capabilities come in the order that KERNEL-ABI section 2.1 gives.
#include "boot/boot.hpp"

namespace boot {

using cap::FrameView;

void map_root_space(Boot& boot) {
  boot.info.mut().image_paging.start = boot.next_slot;
  for (u64 level = 1; level <= mem::last_level; ++level) {
    variant(mem::last_level - level);
    map_level(boot, level);
  }
  boot.info.mut().image_paging.end = boot.next_slot;
}

Capability map_root_page(Boot& boot, PhysAddr page, u64 address, bool executable) {
  const u64 attributes = executable ? 1 : 5;
  const mem::Walk found = mem::walk(boot.space, UserVirt(address), mem::last_level);
  found.entry.mut() = mem::page_entry(page, api::small_page_bits, true, true, attributes);
  const Capability frame = FrameView::make(page, SizeBits(api::small_page_bits), false);
  return cap::with<FrameView::MappedAt>(cap::with<FrameView::AsidWord>(frame, root_asid), address);
}

}  // namespace boot
