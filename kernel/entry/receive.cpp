// SPDX-License-Identifier: Apache-2.0
// Whatever is wrong with the capability of a receive is a capability fault in the receive phase (KERNEL-ABI
// section 3.1).
#include "entry/receive.hpp"

#include "cap/cspace.hpp"
#include "ipc/endpoint.hpp"
#include "ipc/fault.hpp"
#include "ipc/notification.hpp"

namespace entry {

using api::Rights;
using cap::Capability;
using cap::CapKind;
using cap::EndpointView;
using cap::NotificationView;
using cap::SlotRef;
using sched::Tcb;
using sched::ThreadSlot;

namespace {

/// The reply object named in x6, or the failure to report.
Result<Ref<ipc::Reply>> decode_reply(Ref<Tcb> thread) {
  const CPtr pointer(thread->context.x[sched::reg_reply]);
  const Result<SlotRef> slot = cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), pointer);
  if (!slot.ok()) {
    return failure<Ref<ipc::Reply>>(slot.failure());
  }
  if (kind_of(slot.value()->cap) != CapKind::Reply) {
    return failure<Ref<ipc::Reply>>(missing_capability(0));
  }
  return success(cap::object_of<ipc::Reply, cap::ReplyView>(slot.value()->cap));
}

/// Whether a thread may receive from what a capability names.
bool may_receive(Ref<Tcb> thread, Capability cap) {
  if (kind_of(cap) == CapKind::Endpoint) {
    return Rights(get<EndpointView::RightBits>(cap)).receive();
  }
  if (kind_of(cap) != CapKind::Notification || !Rights(get<NotificationView::RightBits>(cap)).receive()) {
    return false;
  }
  const Ref<Tcb> bound = cap::object_of<ipc::Notification, NotificationView>(cap)->bound;
  return bound.is_null() || bound == thread;
}

void receive_from_endpoint(KernelState& kernel, Capability cap, bool blocking, bool with_reply) {
  const Ref<Tcb> thread = kernel.current;
  if (!with_reply) {
    ipc::receive(kernel, thread, cap, blocking, null_ref<ipc::Reply>);
    return;
  }
  const Result<Ref<ipc::Reply>> reply = decode_reply(thread);
  if (!reply.ok()) {
    const CPtr pointer(thread->context.x[sched::reg_reply]);
    ipc::raise_capability_fault(kernel, thread, pointer, true, reply.failure());
    return;
  }
  ipc::receive(kernel, thread, cap, blocking, reply.value());
}

}  // namespace

void receive_phase(KernelState& kernel, CPtr source, bool blocking, bool with_reply) {
  const Ref<Tcb> thread = kernel.current;
  const Result<SlotRef> slot = cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), source);
  if (!slot.ok()) {
    ipc::raise_capability_fault(kernel, thread, source, true, slot.failure());
    return;
  }
  const Capability cap = slot.value()->cap;
  if (!may_receive(thread, cap)) {
    ipc::raise_capability_fault(kernel, thread, source, true, missing_capability(0));
  } else if (kind_of(cap) == CapKind::Endpoint) {
    receive_from_endpoint(kernel, cap, blocking, with_reply);
  } else {
    ipc::wait(kernel, thread, cap::object_of<ipc::Notification, NotificationView>(cap), blocking);
  }
}

}  // namespace entry
