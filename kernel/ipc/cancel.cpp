// SPDX-License-Identifier: Apache-2.0
// Wait queues are ordered by priority, first in first out within one (KERNEL-ABI section 10.7). The insertion is
// a walk over the waiters: linear, with a stated invariant.
#include "ipc/cancel.hpp"

#include "sched/schedule.hpp"

namespace ipc {

using sched::QueueKind;
using sched::ThreadState;

void enqueue_by_priority(Queue<Tcb>& queue, Ref<Tcb> thread) {
  // From the tail: the usual newcomer outranks nobody.
  Ref<Tcb> before = queue.tail;
  Ref<Tcb> after = null_ref<Tcb>;
  while (before.is_some() && outranks(thread->priority, before->priority)) {
    invariant(before->next == after);
    after = before;
    before = before->prev;
  }
  link_between(queue, before, thread, after);
}

namespace {

void leave_endpoint(Ref<Tcb> thread) {
  unlink(thread->endpoint.mut().waiters, thread);
  thread.mut().queue = QueueKind::None;
  thread.mut().endpoint = null_ref<Endpoint>;
}

void leave_notification(Ref<Tcb> thread) {
  unlink(thread->notification.mut().waiters, thread);
  thread.mut().queue = QueueKind::None;
  thread.mut().notification = null_ref<Notification>;
}

void restart(KernelState& kernel, Ref<Tcb> thread) {
  thread.mut().state = ThreadState::Restart;
  sched::make_ready(kernel, thread);
}

}  // namespace

void requeue(Ref<Tcb> thread) {
  if (thread->queue == QueueKind::Endpoint) {
    Queue<Tcb>& queue = thread->endpoint.mut().waiters;
    unlink(queue, thread);
    enqueue_by_priority(queue, thread);
  } else {
    Queue<Tcb>& queue = thread->notification.mut().waiters;
    unlink(queue, thread);
    enqueue_by_priority(queue, thread);
  }
}

void release_reply(Ref<Reply> reply) {
  const Ref<Tcb> thread = reply->thread;
  if (thread.is_some()) {
    thread.mut().reply = null_ref<Reply>;
    reply.mut().thread = null_ref<Tcb>;
  }
  if (reply->donated.is_some()) {
    reply->donated.mut().reply = null_ref<Reply>;
    reply.mut().donated = null_ref<sched::SchedContext>;
  }
}

void cancel_waiting(KernelState& /*kernel*/, Ref<Tcb> thread) {
  switch (thread->state) {
    case ThreadState::BlockedOnReceive:
      leave_endpoint(thread);
      break;
    case ThreadState::BlockedOnSend:
      leave_endpoint(thread);
      break;
    case ThreadState::BlockedOnNotification:
      leave_notification(thread);
      break;
    case ThreadState::BlockedOnReply:
    case ThreadState::Inactive:
    case ThreadState::Running:
    case ThreadState::Restart:
    case ThreadState::Idle:
      break;
  }
  if (thread->reply.is_some()) {
    release_reply(thread->reply);
  }
  thread.mut().fault.kind = sched::FaultKind::None;
  if (sched::is_blocked(thread)) {
    thread.mut().state = ThreadState::Inactive;
  }
}

void cancel_all(KernelState& kernel, Ref<Endpoint> endpoint) {
  Ref<Tcb> thread = endpoint->waiters.head;
  while (thread.is_some()) {
    invariant(thread->endpoint == endpoint);
    cancel_waiting(kernel, thread);
    restart(kernel, thread);
    thread = endpoint->waiters.head;
  }
}

void cancel_all(KernelState& kernel, Ref<Notification> notification) {
  Ref<Tcb> thread = notification->waiters.head;
  while (thread.is_some()) {
    invariant(thread->notification == notification);
    cancel_waiting(kernel, thread);
    restart(kernel, thread);
    thread = notification->waiters.head;
  }
}

void cancel_badged_sends(KernelState& kernel, Ref<Endpoint> endpoint, Badge badge) {
  Ref<Tcb> thread = endpoint->waiters.head;
  while (thread.is_some()) {
    invariant(thread->endpoint == endpoint);
    const Ref<Tcb> next = thread->next;
    if (thread->state == ThreadState::BlockedOnSend && thread->send_badge == badge) {
      cancel_waiting(kernel, thread);
      restart(kernel, thread);
    }
    thread = next;
  }
}

}  // namespace ipc
