// SPDX-License-Identifier: Apache-2.0
// IPC buffers: the kernel's view of one, and the message registers that lie in it (KERNEL-ABI section 4).
#include "ipc/message.hpp"

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

}  // namespace ipc
