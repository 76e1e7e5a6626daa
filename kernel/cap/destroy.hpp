// SPDX-License-Identifier: Apache-2.0
// Deletion and revocation. The last capability to a CNode or thread becomes a zombie, which empties the object slot
// by slot; one step does a bounded amount of work, and the zombie in the slot is all that the next step needs to know.
#pragma once

#include "state.hpp"

namespace cap {

/// Empties a slot, and destroys the object if this was its last capability.
void delete_slot(KernelState& kernel, SlotRef slot);

/// Deletes all that was derived from the capability in `slot`, which stays.
void revoke(KernelState& kernel, SlotRef slot);

}  // namespace cap
