// SPDX-License-Identifier: Apache-2.0
// A switch over the kinds of capabilities, and the encoding of errors (KERNEL-ABI sections 3.1 and 6).
#include "entry/invoke.hpp"

#include "cap/cnode.hpp"
#include "cap/cspace.hpp"
#include "cap/untyped.hpp"
#include "ipc/fault.hpp"
#include "ipc/notification.hpp"
#include "irq/handler.hpp"
#include "mem/mapping.hpp"
#include "sched/context_ops.hpp"
#include "sched/tcb.hpp"

namespace entry {

using api::Rights;
using cap::Capability;
using cap::CapKind;
using cap::EndpointView;
using cap::NotificationView;
using cap::ReplyView;
using cap::SlotRef;
using sched::Tcb;
using sched::ThreadSlot;

namespace {

Outcome send_to_endpoint(KernelState& kernel, Capability cap, SendMode mode) {
  if (!Rights(get<EndpointView::RightBits>(cap)).send()) {
    return invalid_capability(0);
  }
  ipc::send(kernel, kernel.current, cap, mode);
  return silently_done;
}

Outcome signal_notification(KernelState& kernel, Capability cap) {
  if (!Rights(get<NotificationView::RightBits>(cap)).send()) {
    return invalid_capability(0);
  }
  const Badge badge(get<NotificationView::BadgeWord>(cap));
  ipc::signal(kernel, cap::object_of<ipc::Notification, NotificationView>(cap), badge);
  return done;
}

Outcome answer_caller(KernelState& kernel, Capability cap) {
  ipc::answer(kernel, kernel.current, cap::object_of<ipc::Reply, ReplyView>(cap));
  return done;
}

}  // namespace

Outcome dispatch(KernelState& kernel, Request request, SendMode mode) {
  const Capability cap = request.cap();
  switch (kind_of(cap)) {
    case CapKind::Endpoint:
      return send_to_endpoint(kernel, cap, mode);
    case CapKind::Notification:
      return signal_notification(kernel, cap);
    case CapKind::Reply:
      return answer_caller(kernel, cap);
    case CapKind::Untyped:
      return cap::invoke_untyped(kernel, request);
    case CapKind::CNode:
      return cap::invoke_cnode(kernel, request);
    case CapKind::Tcb:
      return sched::invoke_thread(kernel, request);
    case CapKind::SchedContext:
      return sched::invoke_context(kernel, request);
    case CapKind::SchedControl:
      return sched::invoke_control(kernel, request);
    case CapKind::Frame:
      return mem::invoke_frame(kernel, request);
    case CapKind::PageTable:
      return mem::invoke_table(kernel, request);
    case CapKind::AsidControl:
      return mem::invoke_asid_control(kernel, request);
    case CapKind::AsidPool:
      return mem::invoke_asid_pool(kernel, request);
    case CapKind::IrqControl:
      return irq::invoke_control(kernel, request);
    case CapKind::IrqHandler:
      return irq::invoke_handler(kernel, request);
    case CapKind::VSpace:
    case CapKind::Domain:
      return fail(Error::IllegalOperation);
    case CapKind::Null:
    case CapKind::Zombie:
      return invalid_capability(0);
  }
  return invalid_capability(0);
}

namespace {

/// Message registers that explain an error; answers how many.
u64 write_error(Ref<Tcb> thread, Outcome outcome) {
  switch (outcome.error()) {
    case Error::InvalidArgument:
    case Error::InvalidCapability:
    case Error::NotEnoughMemory:
      ipc::set_message_word(thread, 0, outcome.detail());
      return 1;
    case Error::RangeError:
      ipc::set_message_word(thread, 0, outcome.minimum());
      ipc::set_message_word(thread, 1, outcome.detail());
      return 2;
    case Error::FailedLookup:
      ipc::set_message_word(thread, 0, outcome.of_source() ? 1 : 0);
      return ipc::write_lookup(thread, 1, outcome);
    case Error::None:
    case Error::IllegalOperation:
    case Error::AlignmentError:
    case Error::TruncatedMessage:
    case Error::DeleteFirst:
    case Error::RevokeFirst:
      return 0;
  }
  return 0;
}

}  // namespace

void reply_to_call(KernelState& kernel, Outcome outcome) {
  const Ref<Tcb> thread = kernel.current;
  if (outcome.silent() || !sched::is_runnable(thread)) {
    return;
  }
  u64 length = 0;
  if (!outcome.ok()) {
    length = write_error(thread, outcome);
  } else if (outcome.has_word()) {
    ipc::set_message_word(thread, 0, outcome.detail());
    length = 1;
  }
  ipc::set_received(thread, Badge(0), api::MessageInfo(static_cast<u64>(outcome.error()), 0, 0, length));
}

namespace {

/// Reports the first extra capability that cannot be looked up. False if there is one.
bool extras_are_there(KernelState& kernel, api::MessageInfo info, bool reported) {
  const Ref<Tcb> thread = kernel.current;
  const u64 missing = ipc::first_missing_extra(thread, info);
  if (missing == info.extra_caps()) {
    return true;
  }
  if (reported) {
    const CPtr pointer(ipc::buffer_of(thread)->caps_or_badges[missing]);
    ipc::raise_capability_fault(kernel, thread, pointer, false, ipc::extra_slot(thread, missing).failure());
  }
  return false;
}

bool refused_first(CapKind kind) {
  return kind == CapKind::Tcb || kind == CapKind::CNode || kind == CapKind::Domain || kind == CapKind::SchedControl ||
         kind == CapKind::SchedContext;
}

}  // namespace

void send_phase(KernelState& kernel, CPtr target, SendMode mode) {
  const Ref<Tcb> thread = kernel.current;
  const Result<SlotRef> slot = cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), target);
  if (!slot.ok()) {
    if (mode.blocking()) {
      ipc::raise_capability_fault(kernel, thread, target, false, slot.failure());
    }
    return;
  }
  const api::MessageInfo info = ipc::sent_info(thread);
  if (!extras_are_there(kernel, info, mode.blocking())) {
    return;
  }
  const Outcome outcome = dispatch(kernel, Request{info, slot.value()}, mode);
  if (mode.call()) {
    reply_to_call(kernel, outcome);
  }
}

void send_first(KernelState& kernel, CPtr target) {
  const Ref<Tcb> thread = kernel.current;
  const Result<SlotRef> slot = cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), target);
  const api::MessageInfo info = ipc::sent_info(thread);
  if (!slot.ok() || !extras_are_there(kernel, info, false) || refused_first(kind_of(slot.value()->cap))) {
    return;
  }
  const Outcome ignored = dispatch(kernel, Request{info, slot.value()}, SendMode(false, false, true));
  static_cast<void>(ignored);
}

}  // namespace entry
