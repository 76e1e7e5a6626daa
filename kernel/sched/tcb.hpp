// SPDX-License-Identifier: Apache-2.0
// Invocations of threads. KERNEL-ABI section 9.1.
#pragma once

#include "ipc/request.hpp"

namespace sched {

using cap::Capability;
using cap::SlotRef;
using ipc::Request;

inline constexpr u64 register_count = 36;

/// Register `index` of the user's order (pc, sp, spsr, x0..x8, x16, x17, x18, x29, x30, x9..x15, x19..x28,
/// tpidr_el0, tpidrro_el0) of a thread.
[[nodiscard]] Ref<u64> user_register(Ref<Tcb> thread, u64 index);

/// Whether a capability with new data may become a thread's CSpace or VSpace root; the buffer at an address.
[[nodiscard]] Outcome check_cspace(SlotRef source, u64 data);
[[nodiscard]] Outcome check_vspace(SlotRef source);
[[nodiscard]] Outcome check_buffer(SlotRef source, u64 address);

/// Whether the priority in message register `index` is one that the thread in extra capability 0 may give.
[[nodiscard]] Outcome check_priority(const KernelState& kernel, u64 index);

/// The capability that a CSpace root becomes: its guard set, if `data` says one.
[[nodiscard]] Capability cspace_root(SlotRef source, u64 data);

/// Whether a thread can be bound to the notification in a slot.
[[nodiscard]] Outcome check_bindable(Ref<Tcb> thread, SlotRef notification);

Outcome invoke_thread(KernelState& kernel, Request request);

}  // namespace sched
