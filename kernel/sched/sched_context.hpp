// SPDX-License-Identifier: Apache-2.0
// A scheduling context: the right to `budget` ticks of processor time in each `period`. Kept as one refill: when
// the budget is used up the next one becomes ready a period after the last one began. (Round-robin, period 0: at
// once, behind the others of the priority.) Source: KERNEL-ABI section 10.
#pragma once

#include "sched/thread.hpp"

namespace sched {

struct SchedContext {
  Ref<Tcb> thread;
  Ref<ipc::Notification> notification;
  Ref<ipc::Reply> reply;  // the reply object that will give it back, if it was donated
  Duration budget;        // 0: not configured, cannot run
  Duration period;        // 0: round-robin
  Duration remaining;
  Instant refill_at;  // when `remaining` was or will be filled up
  Duration consumed;  // since the last question
  Badge badge;
  u64 flags;
  u64 size_bits;
  u64 reserved;
};
static_assert(sizeof(SchedContext) == 96 && plain_layout<SchedContext>);

inline constexpr u64 refill_bytes = 16;
inline constexpr u64 ticks_per_second = 62'500'000;
inline constexpr u64 min_budget_us = 20;
inline constexpr u64 max_period_us = ~u64{0} / 62'500 / 8;

/// How many refills an object of 2^bits bytes has room for.
constexpr u64 max_refills(u64 bits) { return (bit(bits) - sizeof(SchedContext)) / refill_bytes; }

constexpr Duration ticks_of_us(u64 us) { return Duration(us * 62'500 / 1'000); }
constexpr u64 us_of_ticks(Duration ticks) { return ticks.word() * 2 / 125; }

}  // namespace sched
