// SPDX-License-Identifier: Apache-2.0
// Faults become messages to the thread's fault handler, sent as if the thread had called it; the answer decides
// whether the thread goes on. Source: KERNEL-ABI section 7.
#pragma once

#include "state.hpp"

namespace ipc {

using sched::Fault;
using sched::FaultKind;

/// Each stops the thread, records the fault in it and sends it to the handler; without one it stays Inactive.
void raise_capability_fault(KernelState& kernel, Ref<Tcb> thread, CPtr pointer, bool receiving, Outcome why);
void raise_syscall_fault(KernelState& kernel, Ref<Tcb> thread);
void raise_exception_fault(KernelState& kernel, Ref<Tcb> thread, u64 syndrome);
void raise_memory_fault(KernelState& kernel, Ref<Tcb> thread, u64 address, u64 syndrome, bool instruction);
void raise_timeout_fault(KernelState& kernel, Ref<Tcb> thread, Badge data, u64 consumed_us);

/// Whether budget ends of this thread are somebody's business.
[[nodiscard]] bool has_timeout_handler(Ref<Tcb> thread);

/// Whether a capability may be installed as a fault handler: an endpoint with Send and a way to answer, or null.
[[nodiscard]] bool is_handler(cap::Capability cap);

/// Writes the message of the thread's fault into the handler's message registers; answers the message info.
[[nodiscard]] api::MessageInfo write_fault_message(Ref<Tcb> handler, Ref<Tcb> thread);

/// Writes why a lookup failed into message registers from `index` on: type, then what KERNEL-ABI section 5 lists for
/// it. Answers the index behind the last one written.
u64 write_lookup(Ref<Tcb> target, u64 index, Outcome why);

/// Applies the handler's answer to the registers of the thread. True if it is to go on.
[[nodiscard]] bool apply_fault_reply(Ref<Tcb> handler, Ref<Tcb> thread);

}  // namespace ipc
