// SPDX-License-Identifier: Apache-2.0
// Invocations of scheduling contexts and of SchedControl. KERNEL-ABI section 10.
#pragma once

#include "ipc/request.hpp"

namespace sched {

using cap::Capability;
using ipc::Request;

/// Whether a thread may be given the scheduling context of a capability (null: none) by SetSchedParams.
[[nodiscard]] Outcome check_new_context(const KernelState& kernel, Ref<Tcb> thread, Capability context);

/// Does so.
void set_context(KernelState& kernel, Ref<Tcb> thread, Capability context);

/// Whether budget and period (microseconds) and the number of extra refills can be configured.
[[nodiscard]] Outcome check_times(u64 budget_us, u64 period_us);
[[nodiscard]] Outcome check_refills(Ref<SchedContext> context, u64 extra_refills);

/// Whether a scheduling context may be bound to a thread, or to a notification.
[[nodiscard]] Outcome check_bind_thread(Ref<SchedContext> context, Ref<Tcb> thread, Instant now);
[[nodiscard]] Outcome check_bind_notification(Ref<SchedContext> context, Ref<ipc::Notification> notification);

Outcome invoke_control(KernelState& kernel, Request request);
Outcome invoke_context(KernelState& kernel, Request request);

}  // namespace sched
