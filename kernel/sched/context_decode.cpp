// SPDX-License-Identifier: Apache-2.0
// The checks of scheduling-context invocations. Writes nothing.
#include "sched/context_ops.hpp"

namespace sched {

using cap::CapKind;
using cap::SchedContextView;

Outcome check_new_context(const KernelState& kernel, Ref<Tcb> thread, Capability cap) {
  if (is_null(cap)) {
    return thread == kernel.current ? fail(Error::IllegalOperation) : done;
  }
  if (kind_of(cap) != CapKind::SchedContext) {
    return invalid_capability(2);
  }
  const Ref<SchedContext> context = cap::object_of<SchedContext, SchedContextView>(cap);
  if (thread->sched_context == context) {
    return done;
  }
  const bool free = thread->sched_context.is_null() && context->thread.is_null() && context->notification.is_null();
  return free ? done : fail(Error::IllegalOperation);
}

Outcome check_times(u64 budget_us, u64 period_us) {
  if (budget_us > max_period_us || budget_us < min_budget_us) {
    return range_error(min_budget_us, max_period_us);
  }
  if (period_us > max_period_us || period_us < min_budget_us) {
    return range_error(min_budget_us, max_period_us);
  }
  return budget_us > period_us ? range_error(min_budget_us, period_us) : done;
}

Outcome check_refills(Ref<SchedContext> context, u64 extra_refills) {
  const u64 most = max_refills(context->size_bits) - 2;
  return extra_refills > most ? range_error(0, most) : done;
}

Outcome check_bind_thread(Ref<SchedContext> context, Ref<Tcb> thread, Instant now) {
  if (context->thread.is_some() || context->notification.is_some() || thread->sched_context.is_some()) {
    return fail(Error::IllegalOperation);
  }
  const bool ready = context->remaining.word() != 0 || context->refill_at.word() <= now.word();
  return is_blocked(thread) && !ready ? fail(Error::IllegalOperation) : done;
}

Outcome check_bind_notification(Ref<SchedContext> context, Ref<ipc::Notification> notification) {
  const bool bound =
      context->thread.is_some() || context->notification.is_some() || notification->sched_context.is_some();
  return bound ? fail(Error::IllegalOperation) : done;
}

}  // namespace sched
