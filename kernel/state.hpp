// SPDX-License-Identifier: Apache-2.0
// All that changes in the kernel and is not an object that user level has retyped. There is one, `kernel_state`,
// and only the entry points name it: everything else is handed a reference, const for what only decides.
#pragma once

#include "ipc/objects.hpp"
#include "mem/vspace.hpp"

/// One FIFO per priority and a two-level bitmap of those that are not empty: `top` has a bit per word of `words`.
struct ReadyQueues {
  base::Queue<sched::Tcb> queues[api::priority_count];
  base::u64 words[api::priority_count / base::word_bits];
  base::u64 top;
};

inline constexpr base::u64 irq_count = api::max_irq + 1;

struct KernelState {
  base::Ref<sched::Tcb> current;
  base::Ref<sched::Tcb> idle;
  base::Instant now;            // of this kernel entry
  base::Instant charged_until;  // up to here time has been charged to `current`
  ReadyQueues ready;
  base::Queue<sched::Tcb> release;  // waiting for their budgets, earliest first
  base::Ref<mem::AsidPool> asid_pools[mem::asid_pool_count];
  cap::Slot irq_handlers[irq_count];  // the notification capability that each interrupt signals
  base::u64 irq_issued[3];            // a bit per interrupt: a handler capability exists
  base::u64 active_space;             // what TTBR0_EL1 holds
};

extern constinit KernelState kernel_state;
