// SPDX-License-Identifier: Apache-2.0
// Notifications: a word of badges ORed together, waited for or polled. Source: KERNEL-ABI sections 3.1 and 10.6.
#pragma once

#include "state.hpp"

namespace ipc {

/// Delivers a badge to the first waiter, to the bound thread if that waits at an endpoint, or keeps it.
void signal(KernelState& kernel, Ref<Notification> notification, Badge badge);

/// Takes what has been signalled, waiting for it if `blocking`.
void wait(KernelState& kernel, Ref<Tcb> thread, Ref<Notification> notification, bool blocking);

/// Gives the kept badge of an active notification to a thread.
void take_signal(Ref<Tcb> thread, Ref<Notification> notification);

void bind(Ref<Tcb> thread, Ref<Notification> notification);
void unbind(Ref<Tcb> thread);

}  // namespace ipc
