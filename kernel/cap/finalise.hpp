// SPDX-License-Identifier: Apache-2.0
// What has to be undone before an object's last capability goes: threads that wait, mappings, bindings.
#pragma once

#include "state.hpp"

namespace cap {

/// Undoes what holds the object of `cap`, of which this is the `final` capability or not. Not for CNodes and threads.
void finalise(KernelState& kernel, Capability cap, bool final);

/// Stops a thread for good and frees what is bound to it; its five capabilities are still there.
void finalise_thread(KernelState& kernel, Ref<sched::Tcb> thread);

/// Empties the slot of an interrupt's notification.
void drop_notification(KernelState& kernel, SlotRef slot);

}  // namespace cap
