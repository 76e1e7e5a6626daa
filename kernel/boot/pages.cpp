// SPDX-License-Identifier: Apache-2.0
// The pages that the root task finds mapped: its image, its IPC buffer, the boot information and the device tree.
#include "base/memory.hpp"
#include "boot/boot.hpp"

namespace boot {

/// The pages behind the image: boot information and IPC buffer; answers the buffer's slot.
SlotRef map_fixed_pages(Boot& boot) {
  const PhysAddr info = phys_of(boot.info);
  provide_at(boot, InitialSlot::BootInfoFrame, map_root_page(boot, info, info_address(boot), false));
  const PhysAddr buffer = take(boot, api::small_page_bits);
  return provide_at(boot, InitialSlot::IpcBuffer, map_root_page(boot, buffer, buffer_address(boot), false));
}

/// The device tree, verbatim behind a header. Its pages are contiguous because they are carved downwards in one piece
/// each.
void map_extra_pages(Boot& boot) {
  const u64 pages = extra_pages(boot);
  boot.info.mut().extra_pages.start = boot.next_slot;
  boot.free_end -= pages << 12;
  const PhysAddr base(boot.free_end);
  zero_words(ref_at<u64>(base), pages * 512);
  for (u64 i = 0; i < pages; ++i) {
    variant(pages - i);
    const u64 offset = i << 12;
    provide(boot, map_root_page(boot, PhysAddr(base.word() + offset), extra_address(boot) + offset, false));
  }
  boot.info.mut().extra_pages.end = boot.next_slot;
  if (pages != 0) {
    const Ref<api::BootInfoHeader> header = ref_at<api::BootInfoHeader>(base);
    header.mut() = api::BootInfoHeader{api::bootinfo_fdt, extra_size(boot)};
    copy_words(Ref<u64>(header.element(1).word()), ref_at<u64>(PhysAddr(boot.dtb)),
               align_up(boot.dtb_size, 3) / sizeof(u64));
  }
}

void map_image(Boot& boot) {
  boot.info.mut().image_frames.start = boot.next_slot;
  for (u64 page = boot.image_start; page < boot.image_end; page += bit(12)) {
    variant(boot.image_end - page);
    provide(boot, map_root_page(boot, PhysAddr(page), page - boot.virt_offset, true));
  }
  boot.info.mut().image_frames.end = boot.next_slot;
}

}  // namespace boot
