// SPDX-License-Identifier: Apache-2.0
// A notification is idle, or has waiters, or is active; never two of these.
#include "ipc/notification.hpp"

#include "ipc/cancel.hpp"
#include "sched/schedule.hpp"

namespace ipc {

using sched::QueueKind;
using sched::ThreadState;

namespace {

/// Lets a thread that has been waiting go on with a badge; a scheduling context of the object goes along.
void wake_with(KernelState& kernel, Ref<Notification> notification, Ref<Tcb> thread, Badge badge) {
  thread.mut().context.x[sched::reg_capability] = badge.word();
  thread.mut().state = ThreadState::Running;
  const Ref<sched::SchedContext> context = notification->sched_context;
  if (context.is_some() && context->thread.is_null() && thread->sched_context.is_null()) {
    sched::donate_context(kernel, context, thread);
  }
  sched::make_ready(kernel, thread);
}

}  // namespace

void signal(KernelState& kernel, Ref<Notification> notification, Badge badge) {
  const Ref<Tcb> waiter = notification->waiters.head;
  const Ref<Tcb> bound = notification->bound;
  if (waiter.is_some()) {
    unlink(notification.mut().waiters, waiter);
    waiter.mut().queue = QueueKind::None;
    waiter.mut().notification = null_ref<Notification>;
    wake_with(kernel, notification, waiter, badge);
  } else if (bound.is_some() && bound->state == ThreadState::BlockedOnReceive) {
    cancel_waiting(kernel, bound);
    wake_with(kernel, notification, bound, badge);
  } else {
    notification.mut().pending = Badge(notification->pending.word() | badge.word());
    notification.mut().active = 1;
  }
}

void take_signal(Ref<Tcb> thread, Ref<Notification> notification) {
  thread.mut().context.x[sched::reg_capability] = notification->pending.word();
  notification.mut().pending = Badge(0);
  notification.mut().active = 0;
}

void wait(KernelState& kernel, Ref<Tcb> thread, Ref<Notification> notification, bool blocking) {
  if (notification->active != 0) {
    take_signal(thread, notification);
    return;
  }
  if (!blocking) {
    thread.mut().context.x[sched::reg_capability] = 0;
    return;
  }
  const Ref<sched::SchedContext> context = notification->sched_context;
  if (context.is_some() && context == thread->sched_context) {
    sched::unbind_context(kernel, context);
  }
  thread.mut().state = ThreadState::BlockedOnNotification;
  thread.mut().notification = notification;
  thread.mut().queue = QueueKind::Notification;
  enqueue_by_priority(notification.mut().waiters, thread);
}

void bind(Ref<Tcb> thread, Ref<Notification> notification) {
  thread.mut().bound = notification;
  notification.mut().bound = thread;
}

void unbind(Ref<Tcb> thread) {
  const Ref<Notification> notification = thread->bound;
  if (notification.is_some()) {
    notification.mut().bound = null_ref<Tcb>;
    thread.mut().bound = null_ref<Notification>;
  }
}

}  // namespace ipc
