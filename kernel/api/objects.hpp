// SPDX-License-Identifier: Apache-2.0
// What user level sees of objects: type numbers for Untyped_Retype, sizes as powers of two, capability
// numbers for DebugCapIdentify. Source: KERNEL-ABI sections 8.1 and 8.4. A type larger than its size here
// breaks every user-level allocator, so each object's header asserts its own.
#pragma once

#include "base/types.hpp"

namespace api {

using namespace base;

enum class ObjectType : u64 {
  Untyped = 0,
  Tcb = 1,
  Endpoint = 2,
  Notification = 3,
  CNode = 4,
  SchedContext = 5,
  Reply = 6,
  HugePage = 7,
  VSpace = 8,
  SmallPage = 9,
  LargePage = 10,
  PageTable = 11,
};
inline constexpr u64 object_type_count = 12;

inline constexpr u64 untyped_min_bits = 4;
inline constexpr u64 untyped_max_bits = 47;
inline constexpr u64 tcb_bits = 11;
inline constexpr u64 endpoint_bits = 4;
inline constexpr u64 notification_bits = 6;
inline constexpr u64 slot_bits = 5;
inline constexpr u64 sched_context_min_bits = 7;
inline constexpr u64 reply_bits = 5;
inline constexpr u64 small_page_bits = 12;
inline constexpr u64 large_page_bits = 21;
inline constexpr u64 huge_page_bits = 30;
inline constexpr u64 vspace_bits = 12;
inline constexpr u64 page_table_bits = 12;
inline constexpr u64 asid_pool_bits = 12;
inline constexpr u64 retype_fan_out_limit = 256;
inline constexpr u64 priority_count = 256;
inline constexpr u64 max_irq = 159;

enum class CapKind : u64 {
  Null = 0,
  Frame = 1,
  Untyped = 2,
  PageTable = 3,
  Endpoint = 4,
  Notification = 6,
  Reply = 8,
  VSpace = 9,
  CNode = 10,
  AsidControl = 11,
  Tcb = 12,
  AsidPool = 13,
  IrqControl = 14,
  IrqHandler = 16,
  Zombie = 18,
  Domain = 20,
  SchedContext = 22,
  SchedControl = 24,
};

}  // namespace api
