// SPDX-License-Identifier: Apache-2.0
// The checks of thread invocations. Writes nothing.
#include "cap/derivation.hpp"
#include "sched/tcb.hpp"

namespace sched {

using cap::CapKind;
using cap::FrameView;
using cap::NotificationView;
using cap::TcbView;

namespace {

/// For each register of the user's order its word in Context (KERNEL-ABI section 9.1).
constexpr u8 context_word[register_count] = {32, 31, 33, 0,  1,  2,  3,  4,  5,  6,  7,  8,  16, 17, 18, 29, 30, 9,
                                             10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 34, 35};
static_assert(offsetof(Context, sp) == 31 * 8 && offsetof(Context, pc) == 32 * 8 && offsetof(Context, spsr) == 33 * 8);
static_assert(offsetof(Context, tpidr) == 34 * 8 && offsetof(Context, tpidrro) == 35 * 8);

}  // namespace

Ref<u64> user_register(Ref<Tcb> thread, u64 index) {
  const u64 context = thread.word() + offsetof(Tcb, context);
  return Ref<u64>(context).element(context_word[index]);
}

Capability cspace_root(SlotRef source, u64 data) {
  const Capability cap = source->cap;
  return data == 0 ? cap : cap::with_data(cap, data, false);
}

Outcome check_cspace(SlotRef source, u64 data) {
  const bool is_cnode = kind_of(cspace_root(source, data)) == CapKind::CNode;
  return is_cnode ? done : fail(Error::IllegalOperation);
}

Outcome check_vspace(SlotRef source) {
  if (kind_of(source->cap) != CapKind::VSpace) {
    return fail(Error::IllegalOperation);
  }
  return cap::check_derivable(source, source->cap);
}

Outcome check_buffer(SlotRef source, u64 address) {
  if (address == 0) {
    return done;
  }
  const Capability cap = source->cap;
  if (kind_of(cap) != CapKind::Frame || get<FrameView::Device>(cap) != 0) {
    return fail(Error::IllegalOperation);
  }
  return is_aligned(address, api::ipc_buffer_bits) ? done : fail(Error::AlignmentError);
}

Outcome check_priority(const KernelState& kernel, u64 index) {
  const Capability authority = ipc::extra(kernel, 0)->cap;
  if (kind_of(authority) != CapKind::Tcb) {
    return invalid_capability(1);
  }
  const Prio wanted(ipc::word(kernel, index));
  const Prio highest = cap::object_of<Tcb, TcbView>(authority)->max_priority;
  return outranks(wanted, highest) ? range_error(0, highest.word()) : done;
}

Outcome check_bindable(Ref<Tcb> thread, SlotRef source) {
  const Capability cap = source->cap;
  if (thread->bound.is_some() || kind_of(cap) != CapKind::Notification) {
    return fail(Error::IllegalOperation);
  }
  const Ref<ipc::Notification> notification = cap::object_of<ipc::Notification, NotificationView>(cap);
  const bool readable = api::Rights(get<NotificationView::RightBits>(cap)).receive();
  const bool free = notification->bound.is_null() && notification->waiters.is_empty();
  return readable && free ? done : fail(Error::IllegalOperation);
}

}  // namespace sched
