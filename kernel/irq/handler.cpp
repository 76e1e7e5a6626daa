// SPDX-License-Identifier: Apache-2.0
// The notification capability of each interrupt stands in a slot of the kernel's own, and is a child of nobody
// special: revoking the notification empties it like any other copy.
#include "irq/handler.hpp"

#include "api/labels.hpp"
#include "cap/cspace.hpp"
#include "cap/derivation.hpp"
#include "cap/finalise.hpp"
#include "ipc/notification.hpp"
#include "machine/aarch64/timer.hpp"
#include "machine/board/gicv2.hpp"

namespace irq {

using api::Rights;
using cap::Capability;
using cap::NotificationView;
using cap::SlotRef;

namespace {

bool is_issued(const KernelState& kernel, u64 irq) { return (kernel.irq_issued[irq / word_bits] & bit(irq)) != 0; }

SlotRef handler_slot(KernelState& kernel, u64 irq) { return ref_to(kernel.irq_handlers[irq]); }

/// Whether a handler for this number can be made.
Outcome check_free(const KernelState& kernel, u64 irq) {
  if (irq > api::max_irq) {
    return range_error(0, api::max_irq);
  }
  if (is_issued(kernel, irq) || Irq(irq) == machine::timer_irq) {
    return fail(Error::RevokeFirst);
  }
  return done;
}

Outcome get_handler(KernelState& kernel, Request request) {
  const u64 irq = ipc::word(kernel, 0);
  const Outcome free = check_free(kernel, irq);
  if (!free.ok()) {
    return free;
  }
  const Result<SlotRef> target =
      cap::lookup_exact(ipc::extra(kernel, 0)->cap, CPtr(ipc::word(kernel, 1)), Depth(ipc::word(kernel, 2)));
  if (!target.ok()) {
    return target.failure();
  }
  if (!is_empty(target.value())) {
    return fail(Error::DeleteFirst);
  }
  kernel.irq_issued[irq / word_bits] |= bit(irq);
  cap::insert_copy(cap::IrqHandlerView::make(Irq(irq)), request.slot, target.value());
  machine::unmask_irq(Irq(irq));
  return done;
}

Outcome set_notification(KernelState& kernel, u64 irq, SlotRef source) {
  const Capability cap = source->cap;
  const bool can_signal =
      kind_of(cap) == cap::CapKind::Notification && Rights(get<NotificationView::RightBits>(cap)).send();
  if (!can_signal) {
    return invalid_capability(0);
  }
  cap::drop_notification(kernel, handler_slot(kernel, irq));
  cap::insert_copy(cap, source, handler_slot(kernel, irq));
  return done;
}

}  // namespace

void deliver(KernelState& kernel, Irq irq) {
  machine::mask_irq(irq);
  const Capability cap = kernel.irq_handlers[irq.word()].cap;
  if (kind_of(cap) == cap::CapKind::Notification) {
    const Badge badge(get<NotificationView::BadgeWord>(cap));
    ipc::signal(kernel, cap::object_of<ipc::Notification, NotificationView>(cap), badge);
  }
}

void release(KernelState& kernel, Irq irq) {
  machine::mask_irq(irq);
  cap::drop_notification(kernel, handler_slot(kernel, irq.word()));
  kernel.irq_issued[irq.word() / word_bits] &= ~bit(irq.word());
}

Outcome invoke_control(KernelState& kernel, Request request) {
  if (static_cast<api::Label>(request.label()) != api::Label::IrqControlGet) {
    return fail(Error::IllegalOperation);
  }
  const Outcome length = ipc::check_length(request, 3, 1);
  return length.ok() ? get_handler(kernel, request) : length;
}

Outcome invoke_handler(KernelState& kernel, Request request) {
  const u64 irq = get<cap::IrqHandlerView::Number>(request.cap());
  switch (static_cast<api::Label>(request.label())) {
    case api::Label::IrqHandlerAck:
      machine::unmask_irq(Irq(irq));
      return done;
    case api::Label::IrqHandlerSetNotification: {
      const Outcome length = ipc::check_length(request, 0, 1);
      return length.ok() ? set_notification(kernel, irq, ipc::extra(kernel, 0)) : length;
    }
    case api::Label::IrqHandlerClear:
      cap::drop_notification(kernel, handler_slot(kernel, irq));
      return done;
    default:
      return fail(Error::IllegalOperation);
  }
}

}  // namespace irq
