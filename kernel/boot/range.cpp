// SPDX-License-Identifier: Apache-2.0
// One range of physical memory as untyped objects: power-of-two pieces at multiples of their size.
#include "boot/boot.hpp"

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

}  // namespace

void provide_range(Boot& boot, u64 from, u64 end, bool device) {
  u64 start = from;
  while (start < end) {
    variant(end - start);
    const u64 bits = piece_bits(start, end);
    provide_piece(boot, start, bits, device);
    start += bit(bits);
  }
}

}  // namespace boot
