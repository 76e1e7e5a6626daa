// SPDX-License-Identifier: Apache-2.0
// The frame that tells the root task what it has. KERNEL-ABI sections 2.1 and 2.2.
#pragma once

#include "base/types.hpp"

namespace api {

using namespace base;

struct SlotRegion {
  u64 start;
  u64 end;
};

struct UntypedDesc {
  u64 paddr;
  u64 bits_and_device;  // size bits in byte 0, 1 in byte 1 for device memory
};

inline constexpr u64 max_untypeds = 230;

struct BootInfo {
  u64 extra_length;
  u64 node_id;
  u64 node_count;
  u64 iopt_levels;
  u64 ipc_buffer;
  SlotRegion empty;
  SlotRegion shared_frames;
  SlotRegion image_frames;
  SlotRegion image_paging;
  SlotRegion io_space_caps;
  SlotRegion extra_pages;
  u64 cnode_size_bits;
  u64 domain;
  SlotRegion sched_control;
  SlotRegion untyped;
  UntypedDesc untyped_list[max_untypeds];
};
static_assert(sizeof(BootInfo) == 3864 && plain_layout<BootInfo>);
static_assert(offsetof(BootInfo, ipc_buffer) == 0x20 && offsetof(BootInfo, image_frames) == 0x48);
static_assert(offsetof(BootInfo, cnode_size_bits) == 0x88 && offsetof(BootInfo, sched_control) == 0x98);
static_assert(offsetof(BootInfo, untyped) == 0xa8 && offsetof(BootInfo, untyped_list) == 0xb8);

/// Header of a blob of extra boot information; `length` includes it.
struct BootInfoHeader {
  u64 id;
  u64 length;
};
inline constexpr u64 bootinfo_fdt = 6;

enum class InitialSlot : u64 {
  Null = 0,
  Tcb = 1,
  CNode = 2,
  VSpace = 3,
  IrqControl = 4,
  AsidControl = 5,
  AsidPool = 6,
  BootInfoFrame = 9,
  IpcBuffer = 10,
  Domain = 11,
  SchedContext = 14,
};
inline constexpr u64 initial_slot_count = 16;
inline constexpr u64 root_cnode_bits = 13;

}  // namespace api
