// SPDX-License-Identifier: Apache-2.0
// Rendezvous. The waiters of an endpoint are all senders or all receivers; the first one's state says which.
#include "ipc/endpoint.hpp"

#include "ipc/cancel.hpp"
#include "ipc/fault.hpp"
#include "ipc/message.hpp"
#include "ipc/notification.hpp"
#include "sched/schedule.hpp"

namespace ipc {

using api::Rights;
using cap::EndpointView;
using sched::QueueKind;
using sched::ThreadState;

namespace {

/// The first waiter if it waits in `state`; else null.
Ref<Tcb> first_waiting(Ref<Endpoint> endpoint, ThreadState state) {
  const Ref<Tcb> first = endpoint->waiters.head;
  return first.is_some() && first->state == state ? first : null_ref<Tcb>;
}

void wait_at(Ref<Endpoint> endpoint, Ref<Tcb> thread, ThreadState state) {
  thread.mut().state = state;
  thread.mut().endpoint = endpoint;
  thread.mut().queue = QueueKind::Endpoint;
  enqueue_by_priority(endpoint.mut().waiters, thread);
}

void stop_waiting_at(Ref<Endpoint> endpoint, Ref<Tcb> thread) {
  unlink(endpoint.mut().waiters, thread);
  thread.mut().endpoint = null_ref<Endpoint>;
  thread.mut().queue = QueueKind::None;
}

/// The caller waits for an answer through `reply`; its scheduling context goes along to a callee without one.
void hold_caller(KernelState& kernel, Ref<Tcb> caller, Ref<Tcb> callee, Ref<Reply> reply, bool donate) {
  reply.mut().thread = caller;
  caller.mut().reply = reply;
  caller.mut().state = ThreadState::BlockedOnReply;
  const Ref<sched::SchedContext> context = caller->sched_context;
  if (donate && context.is_some() && callee->sched_context.is_null()) {
    sched::donate_context(kernel, context, callee);
    context.mut().reply = reply;
    reply.mut().donated = context;
  }
}

/// What happens to a sender whose message has been delivered.
void finish_send(KernelState& kernel, Ref<Tcb> sender, Ref<Tcb> receiver, Ref<Reply> reply, bool may_answer,
                 bool donate) {
  if (may_answer && reply.is_some()) {
    hold_caller(kernel, sender, receiver, reply, donate);
  } else {
    sender.mut().state = ThreadState::Inactive;
  }
}

/// Takes the reply object that a waiting receiver has offered.
Ref<Reply> take_reply(Ref<Tcb> receiver) {
  const Ref<Reply> reply = receiver->reply;
  if (reply.is_some()) {
    release_reply(reply);
  }
  return reply;
}

void block_sender(Ref<Endpoint> endpoint, Ref<Tcb> sender, cap::Capability through, bool call) {
  const Rights rights(get<EndpointView::RightBits>(through));
  sender.mut().send_badge = Badge(get<EndpointView::BadgeWord>(through));
  sender.mut().send_flags = (rights.grant() ? sched::send_grant : 0) |
                            (rights.grant_reply() ? sched::send_grant_reply : 0) | (call ? sched::send_is_call : 0);
  wait_at(endpoint, sender, ThreadState::BlockedOnSend);
}

}  // namespace

void send(KernelState& kernel, Ref<Tcb> sender, cap::Capability through, SendMode mode) {
  const Ref<Endpoint> endpoint = object_of<Endpoint, EndpointView>(through);
  const Rights rights(get<EndpointView::RightBits>(through));
  const Ref<Tcb> receiver = first_waiting(endpoint, ThreadState::BlockedOnReceive);
  if (receiver.is_null()) {
    if (mode.blocking()) {
      block_sender(endpoint, sender, through, mode.call());
    }
    return;
  }
  stop_waiting_at(endpoint, receiver);
  const Ref<Reply> reply = take_reply(receiver);
  transfer(sender, receiver, Badge(get<EndpointView::BadgeWord>(through)), rights.grant(), through);
  receiver.mut().state = ThreadState::Running;
  if (mode.call()) {
    if (reply.is_some()) {
      reply.mut().can_grant = rights.grant() ? u64{1} : u64{0};
    }
    finish_send(kernel, sender, receiver, reply, rights.grant() || rights.grant_reply(), mode.donate());
  } else if (mode.donate() && receiver->sched_context.is_null() && sender->sched_context.is_some()) {
    sched::donate_context(kernel, sender->sched_context, receiver);
  }
  sched::make_ready(kernel, receiver);
}

namespace {

/// Delivers the message of a sender that has been waiting.
void receive_from(KernelState& kernel, Ref<Tcb> sender, Ref<Tcb> receiver, Ref<Reply> reply, cap::Capability through) {
  const u64 flags = sender->send_flags;
  const bool grant = (flags & sched::send_grant) != 0;
  transfer(sender, receiver, sender->send_badge, grant, through);
  if ((flags & sched::send_is_call) != 0) {
    if (reply.is_some()) {
      reply.mut().can_grant = grant ? u64{1} : u64{0};
    }
    const bool may_answer = grant || (flags & sched::send_grant_reply) != 0;
    finish_send(kernel, sender, receiver, reply, may_answer, true);
  } else {
    sender.mut().state = ThreadState::Running;
    sched::make_ready(kernel, sender);
  }
}

}  // namespace

void receive(KernelState& kernel, Ref<Tcb> receiver, cap::Capability through, bool blocking, Ref<Reply> reply) {
  const Ref<Endpoint> endpoint = object_of<Endpoint, EndpointView>(through);
  if (reply.is_some() && reply->thread.is_some()) {
    cancel_waiting(kernel, reply->thread);
  }
  const Ref<Notification> bound = receiver->bound;
  if (bound.is_some() && bound->active != 0) {
    take_signal(receiver, bound);
    return;
  }
  const Ref<Tcb> sender = first_waiting(endpoint, ThreadState::BlockedOnSend);
  if (sender.is_some()) {
    stop_waiting_at(endpoint, sender);
    receive_from(kernel, sender, receiver, reply, through);
  } else if (blocking) {
    if (reply.is_some()) {
      reply.mut().thread = receiver;
      receiver.mut().reply = reply;
    }
    wait_at(endpoint, receiver, ThreadState::BlockedOnReceive);
  } else {
    receiver.mut().context.x[sched::reg_capability] = 0;
  }
}

void answer(KernelState& kernel, Ref<Tcb> replier, Ref<Reply> reply) {
  const Ref<Tcb> caller = reply->thread;
  if (caller.is_null() || caller->state != ThreadState::BlockedOnReply) {
    return;
  }
  const Ref<sched::SchedContext> donated = reply->donated;
  release_reply(reply);
  if (donated.is_some() && caller->sched_context.is_null()) {
    sched::donate_context(kernel, donated, caller);
  }
  if (caller->fault.kind == sched::FaultKind::None) {
    transfer(replier, caller, Badge(0), reply->can_grant != 0, cap::null_capability);
    caller.mut().state = ThreadState::Running;
  } else {
    const bool goes_on = apply_fault_reply(replier, caller);
    caller.mut().state = goes_on ? ThreadState::Restart : ThreadState::Inactive;
  }
  sched::make_ready(kernel, caller);
}

}  // namespace ipc
