// SPDX-License-Identifier: Apache-2.0
// The layouts of fault messages and of the answers to them: KERNEL-ABI section 7.
#include "ipc/fault.hpp"

#include "ipc/endpoint.hpp"
#include "ipc/message.hpp"
#include "machine/aarch64/pstate.hpp"

namespace ipc {

using cap::CapKind;
using cap::EndpointView;
using sched::ThreadSlot;
using sched::ThreadState;

namespace {

bool can_answer(cap::Capability cap) {
  const api::Rights rights(get<EndpointView::RightBits>(cap));
  return rights.send() && (rights.grant() || rights.grant_reply());
}

void send_fault(KernelState& kernel, Ref<Tcb> thread, ThreadSlot which) {
  const cap::Capability handler = thread_cap(thread, which);
  const bool donate = which == ThreadSlot::FaultHandler;
  if (kind_of(handler) == CapKind::Endpoint && can_answer(handler)) {
    send(kernel, thread, handler, SendMode(true, true, donate));
  } else {
    thread.mut().fault.kind = FaultKind::None;
    thread.mut().state = ThreadState::Inactive;
  }
}

}  // namespace

bool has_timeout_handler(Ref<Tcb> thread) {
  return kind_of(thread_cap(thread, ThreadSlot::TimeoutHandler)) == CapKind::Endpoint;
}

bool is_handler(cap::Capability cap) { return is_null(cap) || (kind_of(cap) == CapKind::Endpoint && can_answer(cap)); }

void raise_capability_fault(KernelState& kernel, Ref<Tcb> thread, CPtr pointer, bool receiving, Outcome why) {
  Fault& fault = thread.mut().fault;
  fault.kind = FaultKind::Capability;
  fault.lookup = why.words;
  fault.address = pointer.word();
  fault.code = receiving ? 1 : 0;
  send_fault(kernel, thread, ThreadSlot::FaultHandler);
}

void raise_syscall_fault(KernelState& kernel, Ref<Tcb> thread) {
  thread.mut().fault.kind = FaultKind::UnknownSyscall;
  send_fault(kernel, thread, ThreadSlot::FaultHandler);
}

void raise_exception_fault(KernelState& kernel, Ref<Tcb> thread, u64 syndrome) {
  thread.mut().fault.kind = FaultKind::UserException;
  thread.mut().fault.code = syndrome;
  send_fault(kernel, thread, ThreadSlot::FaultHandler);
}

void raise_memory_fault(KernelState& kernel, Ref<Tcb> thread, u64 address, u64 syndrome, bool instruction) {
  Fault& fault = thread.mut().fault;
  fault.kind = FaultKind::Vm;
  fault.address = address;
  fault.code = syndrome;
  fault.instruction = instruction ? 1 : 0;
  send_fault(kernel, thread, ThreadSlot::FaultHandler);
}

void raise_timeout_fault(KernelState& kernel, Ref<Tcb> thread, Badge data, u64 consumed_us) {
  Fault& fault = thread.mut().fault;
  fault.kind = FaultKind::Timeout;
  fault.address = data.word();
  fault.code = consumed_us;
  send_fault(kernel, thread, ThreadSlot::TimeoutHandler);
}

u64 write_lookup(Ref<Tcb> target, u64 index, Outcome why) {
  set_message_word(target, index, static_cast<u64>(why.lookup()));
  switch (why.lookup()) {
    case LookupError::None:
    case LookupError::InvalidRoot:
      return index + 1;
    case LookupError::MissingCapability:
      set_message_word(target, index + 1, why.bits_left());
      return index + 2;
    case LookupError::DepthMismatch:
      set_message_word(target, index + 1, why.bits_left());
      set_message_word(target, index + 2, why.bits_found());
      return index + 3;
    case LookupError::GuardMismatch:
      set_message_word(target, index + 1, why.bits_left());
      set_message_word(target, index + 2, why.detail());
      set_message_word(target, index + 3, why.bits_found());
      return index + 4;
  }
  return index + 1;
}

namespace {

u64 write_capability_fault(Ref<Tcb> handler, Ref<Tcb> thread) {
  set_message_word(handler, 0, thread->restart_pc);
  set_message_word(handler, 1, thread->fault.address);
  set_message_word(handler, 2, thread->fault.code);
  return write_lookup(handler, 3, Outcome{thread->fault.lookup});
}

u64 write_syscall_fault(Ref<Tcb> handler, Ref<Tcb> thread) {
  for (u64 i = 0; i < 8; ++i) {
    variant(8 - i);
    set_message_word(handler, i, thread->context.x[i]);
  }
  set_message_word(handler, 8, thread->restart_pc);
  set_message_word(handler, 9, thread->context.sp);
  set_message_word(handler, 10, thread->context.pc);
  set_message_word(handler, 11, thread->context.spsr);
  set_message_word(handler, 12, thread->context.x[sched::reg_syscall]);
  return 13;
}

u64 write_exception_fault(Ref<Tcb> handler, Ref<Tcb> thread) {
  set_message_word(handler, 0, thread->restart_pc);
  set_message_word(handler, 1, thread->context.sp);
  set_message_word(handler, 2, thread->context.spsr);
  set_message_word(handler, 3, thread->fault.code);
  set_message_word(handler, 4, 0);
  return 5;
}

u64 write_memory_fault(Ref<Tcb> handler, Ref<Tcb> thread) {
  set_message_word(handler, 0, thread->restart_pc);
  set_message_word(handler, 1, thread->fault.address);
  set_message_word(handler, 2, thread->fault.instruction);
  set_message_word(handler, 3, thread->fault.code);
  return 4;
}

u64 write_timeout_fault(Ref<Tcb> handler, Ref<Tcb> thread) {
  set_message_word(handler, 0, thread->fault.address);
  set_message_word(handler, 1, thread->fault.code);
  return 2;
}

u64 write_fault_words(Ref<Tcb> handler, Ref<Tcb> thread) {
  switch (thread->fault.kind) {
    case FaultKind::None:
      return 0;
    case FaultKind::Capability:
      return write_capability_fault(handler, thread);
    case FaultKind::UnknownSyscall:
      return write_syscall_fault(handler, thread);
    case FaultKind::UserException:
      return write_exception_fault(handler, thread);
    case FaultKind::Timeout:
      return write_timeout_fault(handler, thread);
    case FaultKind::Vm:
      return write_memory_fault(handler, thread);
  }
  return 0;
}

/// Registers from an answer to an unknown system call: x0..x7, PC, SP, LR (the saved PC again), PSTATE.
void apply_syscall_reply(Ref<Tcb> handler, Ref<Tcb> thread, u64 length) {
  for (u64 i = 0; i < minimum(length, 8); ++i) {
    variant(8 - i);
    thread.mut().context.x[i] = message_word(handler, i);
  }
  if (length > 8) {
    thread.mut().restart_pc = message_word(handler, 8);
  }
  if (length > 9) {
    thread.mut().context.sp = message_word(handler, 9);
  }
  if (length > 11) {
    thread.mut().context.spsr = machine::user_pstate(message_word(handler, 11));
  }
}

void apply_exception_reply(Ref<Tcb> handler, Ref<Tcb> thread, u64 length) {
  if (length > 0) {
    thread.mut().restart_pc = message_word(handler, 0);
  }
  if (length > 1) {
    thread.mut().context.sp = message_word(handler, 1);
  }
  if (length > 2) {
    thread.mut().context.spsr = machine::user_pstate(message_word(handler, 2));
  }
}

}  // namespace

api::MessageInfo write_fault_message(Ref<Tcb> handler, Ref<Tcb> thread) {
  const u64 wanted = write_fault_words(handler, thread);
  const u64 length = buffer_of(handler).is_null() ? minimum(wanted, api::message_registers) : wanted;
  return api::MessageInfo(static_cast<u64>(thread->fault.kind), 0, 0, length);
}

bool apply_fault_reply(Ref<Tcb> handler, Ref<Tcb> thread) {
  const api::MessageInfo info = sent_info(handler);
  const FaultKind kind = thread->fault.kind;
  thread.mut().fault.kind = FaultKind::None;
  switch (kind) {
    case FaultKind::UnknownSyscall:
      apply_syscall_reply(handler, thread, info.length());
      return info.label() == 0;
    case FaultKind::UserException:
      apply_exception_reply(handler, thread, info.length());
      return info.label() == 0;
    case FaultKind::Timeout:
      return info.label() == 0;
    case FaultKind::None:
    case FaultKind::Capability:
    case FaultKind::Vm:
      return true;
  }
  return true;
}

}  // namespace ipc
