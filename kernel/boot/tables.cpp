// SPDX-License-Identifier: Apache-2.0
// The tables of one level of the root task's address space.
#include "boot/boot.hpp"

namespace boot {

using cap::PageTableView;

void map_level(Boot& boot, u64 level) {
  const u64 span_bits = mem::level_shift(level - 1);
  const u64 end = extra_address(boot) + (extra_pages(boot) << 12);
  const u64 start = align_down(boot.image_start - boot.virt_offset, span_bits);
  for (u64 address = start; address < end; address += bit(span_bits)) {
    variant(end - address);
    const PhysAddr table = take(boot, api::page_table_bits);
    const mem::Walk found = mem::walk(boot.space, UserVirt(address), level - 1);
    found.entry.mut() = mem::table_entry(table);
    const Capability cap = cap::with<PageTableView::AsidWord>(PageTableView::make(table), root_asid);
    provide(boot, cap::with<PageTableView::MappedAt>(cap, address));
  }
}

}  // namespace boot
