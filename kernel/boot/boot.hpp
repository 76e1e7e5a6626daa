// SPDX-License-Identifier: Apache-2.0
// Boot: from the loader's hand-off (KERNEL-ABI section 1) to the root task's first instruction. What boot knows while
// it works is one Boot object; it ends with boot.
#pragma once

#include "api/bootinfo.hpp"
#include "state.hpp"

namespace boot {

using namespace base;
using api::BootInfo;
using api::InitialSlot;
using cap::Capability;
using cap::SlotRef;

inline constexpr u64 root_asid = 1;

struct Boot {
  u64 free_end;   // RAM from here on is taken; objects are carved downwards
  u64 next_slot;  // of the root CNode
  SlotRef root_slots;
  mem::TableRef space;
  Ref<BootInfo> info;
  u64 image_start;  // physical, page aligned
  u64 image_end;
  u64 virt_offset;  // physical minus virtual address of the root task's image
  u64 entry;        // of the root task
  u64 dtb;          // physical
  u64 dtb_size;
  u64 untyped_count;
};

/// Zeroed memory of 2^bits bytes for a root object.
[[nodiscard]] PhysAddr take(Boot& boot, u64 bits);

/// Puts a capability into the root CNode: into a given slot, or into the next free one.
SlotRef provide_at(Boot& boot, InitialSlot slot, Capability cap);
SlotRef provide(Boot& boot, Capability cap);

/// The kernel's window: all physical memory below 2 GiB, the kernel's own code read-only (window.cpp).
void map_window();

/// The root CNode, first, because every other capability goes into it; the boot information's page, early, because all
/// regions are noted in it; the address space and what comes at fixed slots (objects.cpp).
void make_root_cnode(Boot& boot);
void make_boot_info(Boot& boot);
void make_root_space(KernelState& kernel, Boot& boot);
void provide_sched_control(Boot& boot);
void finish_boot_info(Boot& boot);

/// The root task's address space (space.cpp), and the tables of one level (1..3) of it (tables.cpp).
void map_root_space(Boot& boot);
void map_level(Boot& boot, u64 level);
/// Maps a page there, whose tables `map_root_space` has made, and answers its capability.
[[nodiscard]] Capability map_root_page(Boot& boot, PhysAddr page, u64 address, bool executable);

/// The pages behind the image, boot information and IPC buffer, of which it answers the buffer's slot; the device tree
/// behind them; the image itself (pages.cpp).
SlotRef map_fixed_pages(Boot& boot);
void map_extra_pages(Boot& boot);
void map_image(Boot& boot);

/// `buffer`: the slot of its IPC buffer's frame (root_thread.cpp).
void start_root_thread(KernelState& kernel, Boot& boot, SlotRef buffer);

/// Everything in RAM that is left, and all devices that the kernel does not use itself (memory.cpp); one range of it
/// (range.cpp).
void provide_untypeds(Boot& boot);
void provide_range(Boot& boot, u64 from, u64 end, bool device);

/// Addresses behind the image: IPC buffer, boot information, extra boot information.
constexpr u64 virt_end(const Boot& boot) { return boot.image_end - boot.virt_offset; }
constexpr u64 buffer_address(const Boot& boot) { return virt_end(boot); }
constexpr u64 info_address(const Boot& boot) { return virt_end(boot) + 0x1000; }
constexpr u64 extra_address(const Boot& boot) { return virt_end(boot) + 0x2000; }
constexpr u64 extra_size(const Boot& boot) {
  return boot.dtb_size == 0 ? 0 : align_up(boot.dtb_size + sizeof(api::BootInfoHeader), 3);
}
constexpr u64 extra_pages(const Boot& boot) { return align_up(extra_size(boot), 12) >> 12; }

}  // namespace boot

/// Called by head.S with what the loader has put into x0..x5; answers the root task's context.
extern "C" base::u64 kernel_boot(base::u64 image_start, base::u64 image_end, base::u64 virt_offset, base::u64 entry,
                                 base::u64 dtb, base::u64 dtb_size);
