// SPDX-License-Identifier: Apache-2.0
// Scheduling-context invocations.
#include "sched/context_ops.hpp"

#include "api/labels.hpp"
#include "sched/schedule.hpp"

namespace sched {

using cap::CapKind;
using cap::NotificationView;
using cap::SchedContextView;
using cap::TcbView;

void set_context(KernelState& kernel, Ref<Tcb> thread, Capability cap) {
  const Ref<SchedContext> old = thread->sched_context;
  if (is_null(cap)) {
    if (old.is_some()) {
      unbind_context(kernel, old);
    }
    return;
  }
  const Ref<SchedContext> context = cap::object_of<SchedContext, SchedContextView>(cap);
  if (!(old == context)) {
    bind_context(kernel, context, thread);
  }
}

namespace {

/// Gives a scheduling context new times, starting now.
void configure_times(KernelState& kernel, Ref<SchedContext> context, Duration budget, Duration period) {
  const bool round_robin = budget == period;
  context.mut().budget = budget;
  context.mut().period = round_robin ? Duration(0) : period;
  context.mut().remaining = budget;
  context.mut().refill_at = later(kernel.now, context->period);
  const Ref<Tcb> thread = context->thread;
  if (thread.is_some()) {
    leave_queue(kernel, thread);
    make_ready(kernel, thread);
  }
}

Outcome configure(KernelState& kernel, Request request) {
  const Outcome length = ipc::check_length(request, 5, 1);
  if (!length.ok()) {
    return length;
  }
  const Capability target = ipc::extra(kernel, 0)->cap;
  if (kind_of(target) != CapKind::SchedContext) {
    return invalid_capability(1);
  }
  const u64 budget = ipc::word(kernel, 0);
  const u64 period = ipc::word(kernel, 1);
  const Outcome times = check_times(budget, period);
  if (!times.ok()) {
    return times;
  }
  const Ref<SchedContext> context = cap::object_of<SchedContext, SchedContextView>(target);
  const Outcome refills = budget == period ? done : check_refills(context, ipc::word(kernel, 2));
  if (refills.ok()) {
    context.mut().badge = Badge(ipc::word(kernel, 3));
    context.mut().flags = ipc::word(kernel, 4);
    configure_times(kernel, context, ticks_of_us(budget), ticks_of_us(period));
  }
  return refills;
}

Outcome bind_to(KernelState& kernel, Ref<SchedContext> context, Capability target) {
  if (kind_of(target) == CapKind::Tcb) {
    const Ref<Tcb> thread = cap::object_of<Tcb, TcbView>(target);
    const Outcome allowed = check_bind_thread(context, thread, kernel.now);
    if (allowed.ok()) {
      bind_context(kernel, context, thread);
    }
    return allowed;
  }
  if (kind_of(target) != CapKind::Notification) {
    return invalid_capability(1);
  }
  const Ref<ipc::Notification> notification = cap::object_of<ipc::Notification, NotificationView>(target);
  const Outcome allowed = check_bind_notification(context, notification);
  if (allowed.ok()) {
    context.mut().notification = notification;
    notification.mut().sched_context = context;
  }
  return allowed;
}

void unbind_notification(Ref<SchedContext> context) {
  const Ref<ipc::Notification> notification = context->notification;
  if (notification.is_some()) {
    notification.mut().sched_context = null_ref<SchedContext>;
    context.mut().notification = null_ref<ipc::Notification>;
  }
}

Outcome unbind_all(KernelState& kernel, Ref<SchedContext> context) {
  if (context->thread == kernel.current) {
    return fail(Error::IllegalOperation);
  }
  unbind_context(kernel, context);
  unbind_notification(context);
  return done;
}

Outcome unbind_object(KernelState& kernel, Ref<SchedContext> context, Capability target) {
  if (kind_of(target) == CapKind::Tcb) {
    const bool is_bound = cap::object_of<Tcb, TcbView>(target) == context->thread;
    if (!is_bound || context->thread == kernel.current) {
      return fail(Error::IllegalOperation);
    }
    unbind_context(kernel, context);
    return done;
  }
  if (kind_of(target) != CapKind::Notification) {
    return invalid_capability(1);
  }
  if (!(cap::object_of<ipc::Notification, NotificationView>(target) == context->notification)) {
    return fail(Error::IllegalOperation);
  }
  unbind_notification(context);
  return done;
}

/// Microseconds since the last question.
Outcome report_consumed(Ref<SchedContext> context) {
  const u64 consumed = us_of_ticks(context->consumed);
  context.mut().consumed = Duration(0);
  return done_with(consumed);
}

}  // namespace

Outcome invoke_control(KernelState& kernel, Request request) {
  if (static_cast<api::Label>(request.label()) != api::Label::SchedControlConfigureFlags) {
    return fail(Error::IllegalOperation);
  }
  return configure(kernel, request);
}

Outcome invoke_context(KernelState& kernel, Request request) {
  const Ref<SchedContext> context = cap::object_of<SchedContext, SchedContextView>(request.cap());
  const Outcome length = ipc::check_length(request, 0, 1);
  switch (static_cast<api::Label>(request.label())) {
    case api::Label::SchedContextBind:
      return length.ok() ? bind_to(kernel, context, ipc::extra(kernel, 0)->cap) : length;
    case api::Label::SchedContextUnbind:
      return unbind_all(kernel, context);
    case api::Label::SchedContextUnbindObject:
      return length.ok() ? unbind_object(kernel, context, ipc::extra(kernel, 0)->cap) : length;
    case api::Label::SchedContextConsumed:
      return report_consumed(context);
    default:
      return fail(Error::IllegalOperation);
  }
}

}  // namespace sched
