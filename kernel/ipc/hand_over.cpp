// SPDX-License-Identifier: Apache-2.0
// One capability of a message (KERNEL-ABI section 4): its badge, or a copy in the slot that the receiver names.
#include "cap/cspace.hpp"
#include "cap/derivation.hpp"
#include "ipc/message.hpp"

namespace ipc {

using sched::ThreadSlot;

namespace {

/// The empty slot in which a receiver wants a capability; a failure if it has named none.
Result<SlotRef> receive_slot(Ref<Tcb> receiver) {
  const Ref<api::IpcBuffer> buffer = buffer_of(receiver);
  const CPtr root_pointer(buffer->receive_cnode);
  const Result<SlotRef> root = cap::lookup_slot(thread_cap(receiver, ThreadSlot::CSpace), root_pointer);
  if (!root.ok()) {
    return root;
  }
  const CPtr index(buffer->receive_index);
  const Depth depth(buffer->receive_depth);
  const Result<SlotRef> slot = cap::lookup_exact(root.value()->cap, index, depth);
  if (slot.ok() && !is_empty(slot.value())) {
    return failure<SlotRef>(fail(Error::DeleteFirst));
  }
  return slot;
}

/// Puts one capability into the receiver's slot. False if that cannot be done.
bool receive_capability(Ref<Tcb> receiver, SlotRef source) {
  const Result<SlotRef> target = receive_slot(receiver);
  if (!target.ok() || !cap::check_derivable(source, source->cap).ok()) {
    return false;
  }
  cap::insert_copy(cap::derived(source->cap), source, target.value());
  return true;
}

}  // namespace

Handed hand_over(Ref<Tcb> sender, Ref<Tcb> receiver, u64 index, bool slot_used, Capability through) {
  const Result<SlotRef> source = extra_slot(sender, index);
  if (!source.ok()) {
    return Handed::Nothing;
  }
  const Capability cap = source.value()->cap;
  if (cap::same_object(cap, through)) {
    buffer_of(receiver).mut().caps_or_badges[index] = get<cap::EndpointView::BadgeWord>(cap);
    return Handed::Badge;
  }
  const bool moved = !slot_used && receive_capability(receiver, source.value());
  return moved ? Handed::Capability : Handed::Nothing;
}

}  // namespace ipc
