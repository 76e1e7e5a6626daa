// SPDX-License-Identifier: Apache-2.0
// Capability lookup: a pointer's bits, from the top, choose a path through CNodes; each level first compares its
// guard and then indexes with its radix. Source: KERNEL-ABI section 5. Pure.
#pragma once

#include "cap/slot.hpp"

namespace cap {

/// A slot, and how many bits of the pointer were left when the walk ended there; or why it failed.
struct [[nodiscard]] Resolved {
  Words words;

  [[nodiscard]] constexpr bool ok() const { return OutcomeKind::get(words) == 0; }
  [[nodiscard]] constexpr SlotRef slot() const { return SlotRef(words.w1); }
  [[nodiscard]] constexpr u64 bits_left() const { return OutcomeLeft::get(words); }
  [[nodiscard]] constexpr Outcome failure() const { return Outcome{words}; }
};

/// Resolves the low `depth` bits (1..64) of `pointer`, starting at `root`.
[[nodiscard]] Resolved resolve(Capability root, CPtr pointer, Depth depth);

/// As a system call names a capability: all 64 bits, where bits left over at a non-CNode do not matter.
[[nodiscard]] Result<SlotRef> lookup_slot(Capability root, CPtr pointer);

/// As a CNode operation names a slot: exactly `depth` bits, or a FailedLookup or RangeError.
[[nodiscard]] Result<SlotRef> lookup_exact(Capability root, CPtr pointer, Depth depth);

}  // namespace cap
