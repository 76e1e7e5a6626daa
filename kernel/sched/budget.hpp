// SPDX-License-Identifier: Apache-2.0
// Time accounting of scheduling contexts: charging, refilling, and waking those who waited for a refill.
#pragma once

#include "state.hpp"

namespace sched {

/// Is enough left to enter the thread once more?
[[nodiscard]] bool has_budget(Ref<SchedContext> context);

/// Charges the time that has passed to the running thread's scheduling context.
void charge_time(KernelState& kernel, Instant now);

/// Fills up a scheduling context whose time has come. False if it has no budget and has to wait.
bool replenish(Ref<SchedContext> context, Instant now);

/// Moves threads whose budget is back from the release queue to the ready queues.
void wake_released(KernelState& kernel);

/// The instant at which the kernel must look again: the running thread's budget ends, or a waiting one's comes back.
[[nodiscard]] Instant next_deadline(const KernelState& kernel);

}  // namespace sched
