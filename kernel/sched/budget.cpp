// SPDX-License-Identifier: Apache-2.0
// Time accounting of scheduling contexts (KERNEL-ABI section 9): what the running thread has used is charged, a budget comes
// back when its period ends, and who waited for it becomes ready.
#include "sched/budget.hpp"

#include "sched/ready.hpp"

namespace sched {

namespace {

inline constexpr u64 min_budget_ticks = ticks_of_us(min_budget_us).word();

}  // namespace

bool has_budget(Ref<SchedContext> context) { return context->remaining.word() >= min_budget_ticks; }

void charge_time(KernelState& kernel, Instant now) {
  const Duration used = elapsed(kernel.charged_until, now);
  const Ref<SchedContext> context = kernel.current->sched_context;
  kernel.now = now;
  kernel.charged_until = now;
  if (context.is_some()) {
    const u64 left = context->remaining.word();
    context.mut().remaining = Duration(left - minimum(left, used.word()));
    context.mut().consumed = Duration(context->consumed.word() + used.word());
  }
}

bool replenish(Ref<SchedContext> context, Instant now) {
  const bool due = now.word() >= context->refill_at.word();
  const bool periodic = context->period.word() != 0;
  // A periodic context that wakes late starts a new period then, or it could use two budgets in a row.
  const bool starts_anew = due && (periodic || !has_budget(context));
  if (!starts_anew) {
    return has_budget(context);
  }
  context.mut().remaining = context->budget;
  context.mut().refill_at = later(now, context->period);
  return true;
}

void wake_released(KernelState& kernel) {
  Ref<Tcb> thread = kernel.release.head;
  while (thread.is_some()) {
    invariant(thread->queue == QueueKind::Release);
    if (!replenish(thread->sched_context, kernel.now)) {
      return;
    }
    leave_queue(kernel, thread);
    ready_append(kernel, thread);
    thread = kernel.release.head;
  }
}

Instant next_deadline(const KernelState& kernel) {
  const Ref<SchedContext> context = kernel.current->sched_context;
  const Instant budget_end = context.is_null() ? Instant(~u64{0}) : later(kernel.now, context->remaining);
  const Ref<Tcb> released = kernel.release.head;
  if (released.is_null()) {
    return budget_end;
  }
  return Instant(minimum(budget_end.word(), released->sched_context->refill_at.word()));
}

}  // namespace sched
