// SPDX-License-Identifier: Apache-2.0
// Wait queues of endpoints and notifications, and the ways in which waiting ends without a message.
#pragma once

#include "state.hpp"

namespace ipc {

/// Puts a thread into a wait queue behind all of its priority and above.
void enqueue_by_priority(Queue<Tcb>& queue, Ref<Tcb> thread);

/// Puts a waiting thread, whose priority has changed, into the right place of its wait queue.
void requeue(Ref<Tcb> thread);

/// Ends whatever the thread waits for: it leaves queues and reply objects, and becomes Inactive.
void cancel_waiting(KernelState& kernel, Ref<Tcb> thread);

/// Ends the waiting of all threads at an object that is about to go, which do their system calls again.
void cancel_all(KernelState& kernel, Ref<Endpoint> endpoint);
void cancel_all(KernelState& kernel, Ref<Notification> notification);

/// Ends the waiting of those senders who send with this badge.
void cancel_badged_sends(KernelState& kernel, Ref<Endpoint> endpoint, Badge badge);

/// The reply object forgets the thread that it holds or is offered by.
void release_reply(Ref<Reply> reply);

}  // namespace ipc
