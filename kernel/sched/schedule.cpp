// SPDX-License-Identifier: Apache-2.0
// Strict priority, first in first out within a priority; a newly ready thread preempts only a lower one
// (KERNEL-ABI section 9.1). The budget of a running thread is looked at when time has been charged, so a
// donation in the middle of a system call moves exactly what is left.
#include "sched/schedule.hpp"

#include "ipc/cancel.hpp"
#include "ipc/fault.hpp"
#include "machine/aarch64/timer.hpp"

namespace sched {

namespace {

bool may_run(Ref<Tcb> thread) {
  return is_runnable(thread) && thread->sched_context.is_some() && thread->sched_context->budget.word() != 0;
}

/// What becomes of the running thread when its budget has ended.
void end_budget(KernelState& kernel, Ref<Tcb> thread) {
  const Ref<SchedContext> context = thread->sched_context;
  const bool round_robin = context->period.word() == 0;
  if (!round_robin && ipc::has_timeout_handler(thread)) {
    const u64 consumed = us_of_ticks(context->consumed);
    context.mut().consumed = Duration(0);
    ipc::raise_timeout_fault(kernel, thread, context->badge, consumed);
  } else {
    make_ready(kernel, thread);
  }
}

/// Restarts the system call of a thread that was told to do so, and otherwise leaves it where it was.
void activate(Ref<Tcb> thread) {
  if (thread->state == ThreadState::Restart) {
    thread.mut().context.pc = thread->restart_pc;
    thread.mut().state = ThreadState::Running;
  }
}

void choose_thread(KernelState& kernel) {
  const Ref<Tcb> next = highest_ready(kernel);
  if (next.is_null()) {
    kernel.current = kernel.idle;
    return;
  }
  leave_queue(kernel, next);
  kernel.current = next;
  activate(next);
}

}  // namespace

void make_ready(KernelState& kernel, Ref<Tcb> thread) {
  if (!may_run(thread) || thread->queue != QueueKind::None) {
    return;
  }
  if (thread == kernel.current && has_budget(thread->sched_context)) {
    return;
  }
  if (replenish(thread->sched_context, kernel.now)) {
    ready_append(kernel, thread);
  } else {
    release_insert(kernel, thread);
  }
}

void schedule(KernelState& kernel) {
  wake_released(kernel);
  const Ref<Tcb> thread = kernel.current;
  if (may_run(thread) && thread->queue == QueueKind::None) {
    const Ref<Tcb> rival = highest_ready(kernel);
    const bool outranked = rival.is_some() && outranks(rival->priority, thread->priority);
    if (!has_budget(thread->sched_context)) {
      end_budget(kernel, thread);
    } else if (outranked) {
      ready_prepend(kernel, thread);
    } else {
      activate(thread);
      machine::arm_timer(next_deadline(kernel));
      return;
    }
  }
  choose_thread(kernel);
  machine::arm_timer(next_deadline(kernel));
}

void suspend(KernelState& kernel, Ref<Tcb> thread) {
  // A thread that was between two instructions goes on there when resumed; one that is in a system call does it again.
  const bool between = thread->state == ThreadState::Running && !(thread == kernel.current);
  if (between) {
    thread.mut().restart_pc = thread->context.pc;
  }
  ipc::cancel_waiting(kernel, thread);
  leave_queue(kernel, thread);
  thread.mut().state = ThreadState::Inactive;
}

void resume(KernelState& kernel, Ref<Tcb> thread) {
  if (thread->state != ThreadState::Inactive && !is_blocked(thread)) {
    return;
  }
  ipc::cancel_waiting(kernel, thread);
  thread.mut().state = ThreadState::Restart;
  make_ready(kernel, thread);
}

void yield(KernelState& kernel) {
  const Ref<SchedContext> context = kernel.current->sched_context;
  context.mut().remaining = Duration(0);
}

void set_priority(KernelState& kernel, Ref<Tcb> thread, Prio priority) {
  switch (thread->queue) {
    case QueueKind::Ready:
      leave_queue(kernel, thread);
      thread.mut().priority = priority;
      ready_append(kernel, thread);
      break;
    case QueueKind::Endpoint:
    case QueueKind::Notification:
      thread.mut().priority = priority;
      ipc::requeue(thread);
      break;
    case QueueKind::None:
    case QueueKind::Release:
      thread.mut().priority = priority;
      break;
  }
}

void bind_context(KernelState& kernel, Ref<SchedContext> context, Ref<Tcb> thread) {
  context.mut().thread = thread;
  thread.mut().sched_context = context;
  make_ready(kernel, thread);
}

void unbind_context(KernelState& kernel, Ref<SchedContext> context) {
  const Ref<Tcb> thread = context->thread;
  if (thread.is_some()) {
    leave_queue(kernel, thread);
    thread.mut().sched_context = null_ref<SchedContext>;
    context.mut().thread = null_ref<Tcb>;
  }
}

void donate_context(KernelState& kernel, Ref<SchedContext> context, Ref<Tcb> thread) {
  unbind_context(kernel, context);
  context.mut().thread = thread;
  thread.mut().sched_context = context;
}

}  // namespace sched
