// SPDX-License-Identifier: Apache-2.0
// A slot holds one capability and its place in the derivation list: one doubly linked list of all capabilities
// in which the descendants of a capability follow it directly. 32 bytes (KERNEL-ABI section 5).
#pragma once

#include "cap/capability.hpp"

namespace cap {

struct Slot;
using SlotRef = Ref<Slot>;

/// Neighbours in the derivation list. The two flags sit in the zero bits of `next`.
struct Links {
  SlotRef prev;
  u64 next_and_flags;
};

inline constexpr u64 first_badged_flag = 1;
inline constexpr u64 revocable_flag = 2;
inline constexpr u64 link_flags = 31;

struct Slot {
  Capability cap;
  Links links;
};
static_assert(sizeof(Slot) == 1 << api::slot_bits && plain_layout<Slot>);

inline SlotRef next_of(SlotRef slot) { return SlotRef(slot->links.next_and_flags & ~link_flags); }
inline SlotRef prev_of(SlotRef slot) { return slot->links.prev; }
inline bool is_revocable(SlotRef slot) { return (slot->links.next_and_flags & revocable_flag) != 0; }
inline bool is_first_badged(SlotRef slot) { return (slot->links.next_and_flags & first_badged_flag) != 0; }
inline bool is_empty(SlotRef slot) { return is_null(slot->cap); }

}  // namespace cap
