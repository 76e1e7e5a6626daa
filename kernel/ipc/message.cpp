// SPDX-License-Identifier: Apache-2.0
// Copying a message from one thread to another (KERNEL-ABI section 4).
#include "ipc/message.hpp"

#include "base/memory.hpp"
#include "cap/cspace.hpp"
#include "ipc/fault.hpp"

namespace ipc {

using api::message_registers;
using sched::ThreadSlot;

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
