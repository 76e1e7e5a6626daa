// SPDX-License-Identifier: Apache-2.0
// The root thread: the highest priority, one scheduling context, and copies of the capabilities that it lives by.
#include "boot/boot.hpp"
#include "cap/derivation.hpp"
#include "machine/aarch64/pstate.hpp"
#include "sched/schedule.hpp"

namespace boot {

namespace {

inline constexpr u64 root_budget_us = 5'000;
inline constexpr u64 context_bits = 7;

/// Gives the root thread a copy of a capability that stands in the root CNode.
void give(Ref<sched::Tcb> thread, sched::ThreadSlot which, SlotRef source) {
  cap::insert_copy(source->cap, source, thread_slot(thread, which));
}

}  // namespace

void start_root_thread(KernelState& kernel, Boot& boot, SlotRef buffer) {
  const PhysAddr thread_base = take(boot, api::tcb_bits);
  const Ref<sched::Tcb> thread = ref_at<sched::Tcb>(thread_base);
  const PhysAddr context_base = take(boot, context_bits);
  const Ref<sched::SchedContext> context = ref_at<sched::SchedContext>(context_base);
  provide_at(boot, InitialSlot::Tcb, cap::TcbView::make(thread_base));
  provide_at(boot, InitialSlot::SchedContext, cap::SchedContextView::make(context_base, SizeBits(context_bits)));
  give(thread, sched::ThreadSlot::CSpace, boot.root_slots.element(static_cast<u64>(InitialSlot::CNode)));
  give(thread, sched::ThreadSlot::VSpace, boot.root_slots.element(static_cast<u64>(InitialSlot::VSpace)));
  give(thread, sched::ThreadSlot::IpcBuffer, buffer);
  sched::Tcb& tcb = thread.mut();
  tcb.buffer_address = buffer_address(boot);
  tcb.context.pc = boot.entry;
  tcb.context.x[0] = info_address(boot);
  tcb.context.spsr = machine::user_spsr;
  tcb.priority = Prio(api::priority_count - 1);
  tcb.max_priority = Prio(api::priority_count - 1);
  tcb.state = sched::ThreadState::Running;
  context.mut().size_bits = context_bits;
  context.mut().budget = sched::ticks_of_us(root_budget_us);
  sched::bind_context(kernel, context, thread);
}

}  // namespace boot
