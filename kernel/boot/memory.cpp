// SPDX-License-Identifier: Apache-2.0
// What is left of physical memory, cut into power-of-two pieces at multiples of their size: devices first, then RAM
// (KERNEL-ABI section 2.3).
#include "boot/boot.hpp"

#include "machine/board/qemu_virt.hpp"

namespace boot {

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
