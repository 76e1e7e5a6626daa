// SPDX-License-Identifier: Apache-2.0
// Capabilities that travel with a message (KERNEL-ABI section 4).
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

MessageInfo transfer_caps(Ref<Tcb> sender, Ref<Tcb> receiver, MessageInfo info, u64 length, Capability through) {
  u64 arrived = 0;
  u64 unwrapped = 0;
  bool slot_used = false;
  for (u64 i = 0; i < info.extra_caps(); ++i) {
    variant(api::max_extra_caps - i);
    const Result<SlotRef> source = extra_slot(sender, i);
    if (!source.ok()) {
      break;
    }
    const Capability cap = source.value()->cap;
    if (cap::same_object(cap, through)) {
      buffer_of(receiver).mut().caps_or_badges[i] = get<cap::EndpointView::BadgeWord>(cap);
      unwrapped |= bit(i);
    } else if (slot_used) {
      break;
    } else {
      slot_used = true;
      const bool received = receive_capability(receiver, source.value());
      if (!received) {
        break;
      }
    }
    arrived = i + 1;
  }
  return MessageInfo(info.label(), unwrapped, arrived, length);
}

}  // namespace ipc
