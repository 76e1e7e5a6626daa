// SPDX-License-Identifier: Apache-2.0
// Which thread runs. Entry charges the time since the last look; exit settles whose turn it is.
#pragma once

#include "sched/budget.hpp"
#include "sched/ready.hpp"

namespace sched {

/// Queues a thread that may run: behind its priority, or until its budget is back. A thread without a
/// configured scheduling context, a blocked one, a queued one and the running one are left alone.
void make_ready(KernelState& kernel, Ref<Tcb> thread);

/// Settles who runs after this kernel entry, and arms the timer for the end of its budget.
void schedule(KernelState& kernel);

/// Stops a thread whatever it does; lets a stopped or waiting one go on.
void suspend(KernelState& kernel, Ref<Tcb> thread);
void resume(KernelState& kernel, Ref<Tcb> thread);

/// Gives up what is left of the running thread's budget.
void yield(KernelState& kernel);

void set_priority(KernelState& kernel, Ref<Tcb> thread, Prio priority);

/// Binds a scheduling context to a thread; takes it away; hands it from its thread to another.
void bind_context(KernelState& kernel, Ref<SchedContext> context, Ref<Tcb> thread);
void unbind_context(KernelState& kernel, Ref<SchedContext> context);
void donate_context(KernelState& kernel, Ref<SchedContext> context, Ref<Tcb> thread);

}  // namespace sched
