// SPDX-License-Identifier: Apache-2.0
// Endpoint, notification and reply objects. An endpoint stores no state beside its queue: the first
// waiter's own state tells whether senders or receivers wait.
#pragma once

#include "base/list.hpp"
#include "sched/sched_context.hpp"

namespace ipc {

using namespace base;
using sched::Tcb;

struct Endpoint {
  Queue<Tcb> waiters;
};
static_assert(sizeof(Endpoint) == 1 << api::endpoint_bits && plain_layout<Endpoint>);

struct Notification {
  Queue<Tcb> waiters;
  Badge pending;  // OR of the signals not yet received
  u64 active;     // 1 if there is one, even with badge 0
  Ref<Tcb> bound;
  Ref<sched::SchedContext> sched_context;
  u64 reserved[2];
};
static_assert(sizeof(Notification) == 1 << api::notification_bits && plain_layout<Notification>);

/// Idle (`thread` null), offered by a receiver (thread BlockedOnReceive), or owed to a caller (BlockedOnReply).
struct Reply {
  Ref<Tcb> thread;
  Ref<sched::SchedContext> donated;  // goes back to the caller with the answer
  u64 can_grant;
  u64 reserved;
};
static_assert(sizeof(Reply) == 1 << api::reply_bits && plain_layout<Reply>);

}  // namespace ipc
