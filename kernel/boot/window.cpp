// SPDX-License-Identifier: Apache-2.0
// Two tables behind one root map physical [0, 2 GiB) to the last 2 GiB of the address space, each byte once: devices
// as one block, RAM in 2 MiB blocks of which the first, the kernel's code and constants, is read-only.
#include "boot/boot.hpp"

#include "machine/aarch64/window.hpp"
#include "machine/board/qemu_virt.hpp"

namespace boot {

namespace {

alignas(4096) constinit mem::PageTable window_root = {};
alignas(4096) constinit mem::PageTable window_gigabytes = {};
alignas(4096) constinit mem::PageTable window_ram = {};

inline constexpr u64 block_bits = 21;
inline constexpr u64 entries = 512;

constexpr u64 kernel_block(u64 physical, u64 memory) {
  return physical | mem::entry_valid | mem::entry_accessed | mem::entry_inner_shareable | mem::entry_user_never |
         memory;
}

u64 ram_block(u64 index) {
  const u64 block = kernel_block(board::ram_start + (index << block_bits), mem::memory_normal);
  const bool is_code = index == 0;
  return is_code ? block | mem::entry_read_only : block | mem::entry_privileged_never;
}

}  // namespace

void map_window() {
  for (u64 i = 0; i < entries; ++i) {
    variant(entries - i);
    window_ram.entries[i].bits = ram_block(i);
  }
  window_gigabytes.entries[entries - 2].bits = kernel_block(0, mem::memory_device) | mem::entry_privileged_never;
  window_gigabytes.entries[entries - 1] = mem::table_entry(phys_of(ref_to(window_ram)));
  window_root.entries[entries - 1] = mem::table_entry(phys_of(ref_to(window_gigabytes)));
  machine_set_kernel_window(phys_of(ref_to(window_root)).word());
}

}  // namespace boot
