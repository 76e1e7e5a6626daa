// SPDX-License-Identifier: Apache-2.0
// What is left of physical memory, cut into power-of-two pieces at multiples of their size: devices first, then RAM
// (KERNEL-ABI section 2.3).
#include "boot/boot.hpp"

#include "machine/board/qemu_virt.hpp"

namespace boot {

namespace {

void provide_piece(Boot& boot, u64 base, u64 bits, bool device) {
  if (boot.untyped_count == api::max_untypeds) {
    return;
  }
  api::UntypedDesc& description = boot.info.mut().untyped_list[boot.untyped_count];
  description.paddr = base;
  description.bits_and_device = bits | (device ? 0x100 : 0);
  boot.untyped_count += 1;
  provide(boot, cap::UntypedView::make(PhysAddr(base), SizeBits(bits), device));
}

/// The size of the largest piece that may start at `start` and does not go beyond `end`.
u64 piece_bits(u64 start, u64 end) {
  const u64 fitting = minimum(highest_bit(end - start), api::untyped_max_bits);
  return start == 0 ? fitting : minimum(fitting, lowest_bit(start));
}

void provide_range(Boot& boot, u64 from, u64 end, bool device) {
  u64 start = from;
  while (start < end) {
    variant(end - start);
    const u64 bits = piece_bits(start, end);
    provide_piece(boot, start, bits, device);
    start += bit(bits);
  }
}

}  // namespace

void provide_untypeds(Boot& boot) {
  const u64 page = bit(api::small_page_bits);
  boot.info.mut().untyped.start = boot.next_slot;
  provide_range(boot, 0, board::gic_distributor, true);
  provide_range(boot, board::gic_distributor + page, board::gic_cpu, true);
  provide_range(boot, board::gic_cpu + page, board::ram_start, true);
  provide_range(boot, board::ram_end, board::device_top, true);
  provide_range(boot, boot.image_end, boot.free_end, false);
  boot.info.mut().untyped.end = boot.next_slot;
}

}  // namespace boot
