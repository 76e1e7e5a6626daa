// SPDX-License-Identifier: Apache-2.0
// Invariant: bit p of the bitmap is set exactly if queue p is not empty, bit w of `top` exactly if word w is not zero.
#include "sched/ready.hpp"

namespace sched {

namespace {

void mark_ready(ReadyQueues& ready, Prio priority) {
  const u64 word = priority.word() / word_bits;
  ready.words[word] |= bit(priority.word());
  ready.top |= bit(word);
}

void mark_empty(ReadyQueues& ready, Prio priority) {
  const u64 word = priority.word() / word_bits;
  ready.words[word] &= ~bit(priority.word());
  if (ready.words[word] == 0) {
    ready.top &= ~bit(word);
  }
}

void ready_remove(KernelState& kernel, Ref<Tcb> thread) {
  Queue<Tcb>& queue = kernel.ready.queues[thread->priority.word()];
  unlink(queue, thread);
  if (queue.is_empty()) {
    mark_empty(kernel.ready, thread->priority);
  }
  thread.mut().queue = QueueKind::None;
}

}  // namespace

void ready_append(KernelState& kernel, Ref<Tcb> thread) {
  append(kernel.ready.queues[thread->priority.word()], thread);
  mark_ready(kernel.ready, thread->priority);
  thread.mut().queue = QueueKind::Ready;
}

void ready_prepend(KernelState& kernel, Ref<Tcb> thread) {
  prepend(kernel.ready.queues[thread->priority.word()], thread);
  mark_ready(kernel.ready, thread->priority);
  thread.mut().queue = QueueKind::Ready;
}

Ref<Tcb> highest_ready(const KernelState& kernel) {
  if (kernel.ready.top == 0) {
    return null_ref<Tcb>;
  }
  const u64 word = highest_bit(kernel.ready.top);
  const u64 priority = word * word_bits + highest_bit(kernel.ready.words[word]);
  return kernel.ready.queues[priority].head;
}

void release_insert(KernelState& kernel, Ref<Tcb> thread) {
  const u64 when = thread->sched_context->refill_at.word();
  Ref<Tcb> before = null_ref<Tcb>;
  Ref<Tcb> after = kernel.release.head;
  while (after.is_some() && after->sched_context->refill_at.word() <= when) {
    invariant(after->queue == QueueKind::Release);
    before = after;
    after = after->next;
  }
  link_between(kernel.release, before, thread, after);
  thread.mut().queue = QueueKind::Release;
}

void leave_queue(KernelState& kernel, Ref<Tcb> thread) {
  if (thread->queue == QueueKind::Ready) {
    ready_remove(kernel, thread);
  } else if (thread->queue == QueueKind::Release) {
    unlink(kernel.release, thread);
    thread.mut().queue = QueueKind::None;
  }
}

}  // namespace sched
