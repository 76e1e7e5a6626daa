// SPDX-License-Identifier: Apache-2.0
// KERNEL-ABI sections 9.1 to 9.4 and 10.6: what deletion of each kind does beside emptying the slot.
#include "cap/finalise.hpp"

#include "cap/derivation.hpp"
#include "ipc/cancel.hpp"
#include "ipc/notification.hpp"
#include "irq/handler.hpp"
#include "sched/schedule.hpp"

namespace cap {

namespace {

void finalise_notification(KernelState& kernel, Ref<ipc::Notification> notification) {
  if (notification->bound.is_some()) {
    ipc::unbind(notification->bound);
  }
  if (notification->sched_context.is_some()) {
    notification->sched_context.mut().notification = null_ref<ipc::Notification>;
    notification.mut().sched_context = null_ref<sched::SchedContext>;
  }
  ipc::cancel_all(kernel, notification);
}

/// The caller that waits for this answer gets none; its scheduling context comes back to it.
void finalise_reply(KernelState& kernel, Ref<ipc::Reply> reply) {
  const Ref<sched::Tcb> thread = reply->thread;
  const Ref<sched::SchedContext> donated = reply->donated;
  if (thread.is_null()) {
    return;
  }
  ipc::cancel_waiting(kernel, thread);
  if (donated.is_some() && thread->sched_context.is_null()) {
    sched::donate_context(kernel, donated, thread);
  }
}

void finalise_context(KernelState& kernel, Ref<sched::SchedContext> context) {
  sched::unbind_context(kernel, context);
  if (context->notification.is_some()) {
    context->notification.mut().sched_context = null_ref<sched::SchedContext>;
  }
  if (context->reply.is_some()) {
    context->reply.mut().donated = null_ref<sched::SchedContext>;
  }
}

void finalise_last(KernelState& kernel, Capability cap) {
  switch (kind_of(cap)) {
    case CapKind::Endpoint:
      ipc::cancel_all(kernel, object_of<ipc::Endpoint, EndpointView>(cap));
      break;
    case CapKind::Notification:
      finalise_notification(kernel, object_of<ipc::Notification, NotificationView>(cap));
      break;
    case CapKind::Reply:
      finalise_reply(kernel, object_of<ipc::Reply, ReplyView>(cap));
      break;
    case CapKind::SchedContext:
      finalise_context(kernel, object_of<sched::SchedContext, SchedContextView>(cap));
      break;
    case CapKind::PageTable:
      mem::unmap_table(kernel, cap);
      break;
    case CapKind::VSpace:
      mem::delete_space(kernel, cap);
      break;
    case CapKind::AsidPool:
      mem::delete_pool(kernel, cap);
      break;
    case CapKind::IrqHandler:
      irq::release(kernel, Irq(get<IrqHandlerView::Number>(cap)));
      break;
    default:
      break;
  }
}

}  // namespace

void finalise(KernelState& kernel, Capability cap, bool final) {
  if (kind_of(cap) == CapKind::Frame) {
    mem::unmap_frame(kernel, cap);
  } else if (final) {
    finalise_last(kernel, cap);
  }
}

void finalise_thread(KernelState& kernel, Ref<sched::Tcb> thread) {
  sched::suspend(kernel, thread);
  ipc::unbind(thread);
  if (thread->sched_context.is_some()) {
    sched::unbind_context(kernel, thread->sched_context);
  }
}

void drop_notification(KernelState& kernel, SlotRef slot) {
  const Capability cap = slot->cap;
  if (kind_of(cap) == CapKind::Notification && is_final(slot)) {
    finalise_notification(kernel, object_of<ipc::Notification, NotificationView>(cap));
  }
  clear_slot(slot);
}

}  // namespace cap
