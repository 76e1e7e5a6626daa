// SPDX-License-Identifier: Apache-2.0
// Who may run now (ready queues, one FIFO per priority) and who waits for budget (release queue, by time).
// The running thread is in neither. Finding the highest priority costs two bit searches.
#pragma once

#include "state.hpp"

namespace sched {

void ready_append(KernelState& kernel, Ref<Tcb> thread);
void ready_prepend(KernelState& kernel, Ref<Tcb> thread);

/// The thread to run next if the running one stops; null if none is ready.
[[nodiscard]] Ref<Tcb> highest_ready(const KernelState& kernel);

/// Puts a thread among those waiting for budget, behind all that get theirs no later.
void release_insert(KernelState& kernel, Ref<Tcb> thread);

/// Takes a thread out of the ready or release queue that it is in, if it is in one.
void leave_queue(KernelState& kernel, Ref<Tcb> thread);

}  // namespace sched
