// SPDX-License-Identifier: Apache-2.0
// The derivation list: who came from whom. These operations are the only ones that write a slot's links, and
// each keeps the list's invariant: next(prev(s)) == s, and the descendants of s follow s without a gap.
#pragma once

#include "cap/slot.hpp"

namespace cap {

/// Whether `child`, which stands behind `parent` in the list, was derived from it.
[[nodiscard]] bool is_parent_of(SlotRef parent, SlotRef child);

[[nodiscard]] bool has_children(SlotRef slot);

/// Whether `slot` holds the last capability to its object.
[[nodiscard]] bool is_final(SlotRef slot);

/// Puts `cap`, derived from the capability in `source`, into the empty slot `target`, behind `source`.
void insert_copy(Capability cap, SlotRef source, SlotRef target);

/// Puts the first capability to a new object into the empty slot `target` as a child of `parent`.
void insert_child(Capability cap, SlotRef parent, SlotRef target);

/// Puts a capability that has no relatives into the empty slot `target` (boot only).
void insert_root(Capability cap, SlotRef target);

/// Moves the place of `source` in the list to the empty slot `target`, holding `cap` there.
void move_slot(Capability cap, SlotRef source, SlotRef target);

/// Exchanges the places of two slots, `first` then holding `cap_of_second` and the other way round.
void swap_slots(Capability cap_of_first, SlotRef first, Capability cap_of_second, SlotRef second);

/// Takes the slot out of the list and leaves it null.
void clear_slot(SlotRef slot);

/// What a copy of the capability in `slot` may be: KERNEL-ABI section 5, derivation rules.
[[nodiscard]] Outcome check_derivable(SlotRef slot, Capability cap);

/// The copy itself, once `check_derivable` has agreed: a copied frame is not mapped.
[[nodiscard]] Capability derived(Capability cap);

}  // namespace cap
