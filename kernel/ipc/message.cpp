// SPDX-License-Identifier: Apache-2.0
// Copying a message from one thread to another, and the capabilities that travel with it (KERNEL-ABI section 4).
#include "ipc/message.hpp"

#include "base/memory.hpp"
#include "cap/cspace.hpp"
#include "cap/derivation.hpp"
#include "ipc/fault.hpp"

namespace ipc {

using api::message_registers;
using sched::ThreadSlot;

Ref<api::IpcBuffer> buffer_of(Ref<Tcb> thread) {
  const Capability frame = thread_cap(thread, ThreadSlot::IpcBuffer);
  const bool usable = kind_of(frame) == cap::CapKind::Frame && get<cap::FrameView::RightBits>(frame) == 3;
  if (!usable || thread->buffer_address == 0) {
    return null_ref<api::IpcBuffer>;
  }
  const u64 offset = thread->buffer_address & ones(get<cap::FrameView::Bits>(frame));
  return ref_at<api::IpcBuffer>(PhysAddr(get<cap::FrameView::Base>(frame) + offset));
}

u64 message_word(Ref<Tcb> thread, u64 index) {
  if (index < message_registers) {
    return thread->context.x[sched::reg_message + index];
  }
  const Ref<api::IpcBuffer> buffer = buffer_of(thread);
  if (buffer.is_null() || index >= api::max_message_length) {
    return 0;
  }
  return buffer->msg[index];
}

void set_message_word(Ref<Tcb> thread, u64 index, u64 word) {
  if (index < message_registers) {
    thread.mut().context.x[sched::reg_message + index] = word;
    return;
  }
  const Ref<api::IpcBuffer> buffer = buffer_of(thread);
  if (buffer.is_some() && index < api::max_message_length) {
    buffer.mut().msg[index] = word;
  }
}

MessageInfo sent_info(Ref<Tcb> thread) {
  const MessageInfo info(thread->context.x[sched::reg_info]);
  if (buffer_of(thread).is_null()) {
    return MessageInfo(info.label(), 0, 0, minimum(info.length(), message_registers));
  }
  return MessageInfo(info.label(), 0, info.extra_caps(), info.length());
}

Result<SlotRef> extra_slot(Ref<Tcb> thread, u64 index) {
  const CPtr pointer(buffer_of(thread)->caps_or_badges[index]);
  return cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), pointer);
}

u64 first_missing_extra(Ref<Tcb> thread, MessageInfo info) {
  for (u64 i = 0; i < info.extra_caps(); ++i) {
    variant(api::max_extra_caps - i);
    if (!extra_slot(thread, i).ok()) {
      return i;
    }
  }
  return info.extra_caps();
}

void set_received(Ref<Tcb> thread, Badge badge, MessageInfo info) {
  thread.mut().context.x[sched::reg_capability] = badge.word();
  thread.mut().context.x[sched::reg_info] = info.word();
}

namespace {

/// Copies message registers; answers how many arrived.
u64 copy_message(Ref<Tcb> sender, Ref<Tcb> receiver, u64 length) {
  for (u64 i = 0; i < minimum(length, message_registers); ++i) {
    variant(message_registers - i);
    receiver.mut().context.x[sched::reg_message + i] = sender->context.x[sched::reg_message + i];
  }
  if (length <= message_registers) {
    return length;
  }
  const Ref<api::IpcBuffer> source = buffer_of(sender);
  const Ref<api::IpcBuffer> target = buffer_of(receiver);
  if (source.is_null() || target.is_null()) {
    return message_registers;
  }
  const u64 start = offsetof(api::IpcBuffer, msg) + message_registers * sizeof(u64);
  copy_words(Ref<u64>(target.word() + start), Ref<u64>(source.word() + start), length - message_registers);
  return length;
}

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

/// Hands over extra capabilities until one does not fit; answers the info word that says how many arrived.
/// Capabilities to the very endpoint of the message are not moved: the receiver gets their badges instead.
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

}  // namespace

void transfer(Ref<Tcb> sender, Ref<Tcb> receiver, Badge badge, bool grant, Capability through) {
  if (sender->fault.kind != sched::FaultKind::None) {
    set_received(receiver, badge, write_fault_message(receiver, sender));
    return;
  }
  const MessageInfo info = sent_info(sender);
  const u64 length = copy_message(sender, receiver, info.length());
  const bool with_caps = grant && info.extra_caps() != 0 && buffer_of(receiver).is_some();
  if (with_caps) {
    set_received(receiver, badge, transfer_caps(sender, receiver, info, length, through));
  } else {
    set_received(receiver, badge, MessageInfo(info.label(), 0, 0, length));
  }
}

}  // namespace ipc
