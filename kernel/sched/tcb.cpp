// SPDX-License-Identifier: Apache-2.0
// Thread invocations. Each checks all that it was given before it changes the first word of the thread.
#include "sched/tcb.hpp"

#include "api/labels.hpp"
#include "cap/derivation.hpp"
#include "cap/destroy.hpp"
#include "ipc/fault.hpp"
#include "ipc/notification.hpp"
#include "machine/aarch64/pstate.hpp"
#include "sched/context_ops.hpp"
#include "sched/schedule.hpp"

namespace sched {

namespace {

/// Replaces one of a thread's capabilities by a copy of what `source` holds, changed to `cap`; null leaves it empty.
void install(KernelState& kernel, Ref<Tcb> thread, ThreadSlot which, SlotRef source, Capability cap) {
  const SlotRef slot = thread_slot(thread, which);
  cap::delete_slot(kernel, slot);
  // The old capability may have been the last one to the CNode in which the source stood.
  if (!is_null(cap) && !is_empty(source)) {
    cap::insert_copy(cap::derived(cap), source, slot);
  }
}

void install_buffer(KernelState& kernel, Ref<Tcb> thread, SlotRef source, u64 address) {
  thread.mut().buffer_address = address;
  install(kernel, thread, ThreadSlot::IpcBuffer, source, address == 0 ? cap::null_capability : source->cap);
}

void install_spaces(KernelState& kernel, Ref<Tcb> thread, u64 first_cap, u64 data) {
  const SlotRef cspace = ipc::extra(kernel, first_cap);
  const SlotRef vspace = ipc::extra(kernel, first_cap + 1);
  install(kernel, thread, ThreadSlot::CSpace, cspace, cspace_root(cspace, data));
  install(kernel, thread, ThreadSlot::VSpace, vspace, vspace->cap);
}

Outcome check_spaces(const KernelState& kernel, u64 first_cap, u64 data) {
  const Outcome cspace = check_cspace(ipc::extra(kernel, first_cap), data);
  return cspace.ok() ? check_vspace(ipc::extra(kernel, first_cap + 1)) : cspace;
}

Outcome configure(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 3, 3);
  if (!length.ok()) {
    return length;
  }
  const u64 data = ipc::word(kernel, 0);
  const u64 address = ipc::word(kernel, 2);
  const Outcome spaces = check_spaces(kernel, 0, data);
  if (!spaces.ok()) {
    return spaces;
  }
  const SlotRef buffer = ipc::extra(kernel, 2);
  const Outcome usable = check_buffer(buffer, address);
  if (usable.ok()) {
    install_spaces(kernel, thread, 0, data);
    install_buffer(kernel, thread, buffer, address);
  }
  return usable;
}

Outcome set_space(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 2, 3);
  if (!length.ok()) {
    return length;
  }
  const u64 data = ipc::word(kernel, 0);
  const SlotRef handler = ipc::extra(kernel, 0);
  if (!ipc::is_handler(handler->cap)) {
    return invalid_capability(1);
  }
  const Outcome spaces = check_spaces(kernel, 1, data);
  if (spaces.ok()) {
    install(kernel, thread, ThreadSlot::FaultHandler, handler, handler->cap);
    install_spaces(kernel, thread, 1, data);
  }
  return spaces;
}

Outcome set_buffer(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 1, 1);
  if (!length.ok()) {
    return length;
  }
  const SlotRef frame = ipc::extra(kernel, 0);
  const Outcome usable = check_buffer(frame, ipc::word(kernel, 0));
  if (usable.ok()) {
    install_buffer(kernel, thread, frame, ipc::word(kernel, 0));
  }
  return usable;
}

Outcome set_timeout_handler(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 0, 1);
  if (!length.ok()) {
    return length;
  }
  const SlotRef handler = ipc::extra(kernel, 0);
  if (!ipc::is_handler(handler->cap)) {
    return invalid_capability(1);
  }
  install(kernel, thread, ThreadSlot::TimeoutHandler, handler, handler->cap);
  return done;
}

Outcome change_priority(KernelState& kernel, Request request, Ref<Tcb> thread, bool maximum) {
  const Outcome length = ipc::check_length(request, 1, 1);
  const Outcome allowed = length.ok() ? check_priority(kernel, 0) : length;
  if (allowed.ok()) {
    const Prio value(ipc::word(kernel, 0));
    if (maximum) {
      thread.mut().max_priority = value;
    } else {
      set_priority(kernel, thread, value);
    }
  }
  return allowed;
}

/// Maximum priority, priority, scheduling context and fault handler at once.
Outcome set_sched_params(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 2, 3);
  if (!length.ok()) {
    return length;
  }
  const Outcome maximum = check_priority(kernel, 0);
  if (!maximum.ok()) {
    return maximum;
  }
  const Outcome priority = check_priority(kernel, 1);
  if (!priority.ok()) {
    return priority;
  }
  const Capability context = ipc::extra(kernel, 1)->cap;
  const Outcome bindable = check_new_context(kernel, thread, context);
  if (!bindable.ok()) {
    return bindable;
  }
  const SlotRef handler = ipc::extra(kernel, 2);
  if (!ipc::is_handler(handler->cap)) {
    return invalid_capability(3);
  }
  thread.mut().max_priority = Prio(ipc::word(kernel, 0));
  set_priority(kernel, thread, Prio(ipc::word(kernel, 1)));
  set_context(kernel, thread, context);
  install(kernel, thread, ThreadSlot::FaultHandler, handler, handler->cap);
  return done;
}

Outcome bind_notification(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 0, 1);
  if (!length.ok()) {
    return length;
  }
  const SlotRef source = ipc::extra(kernel, 0);
  const Outcome allowed = check_bindable(thread, source);
  if (allowed.ok()) {
    ipc::bind(thread, cap::object_of<ipc::Notification, cap::NotificationView>(source->cap));
  }
  return allowed;
}

Outcome unbind_notification(Ref<Tcb> thread) {
  if (thread->bound.is_null()) {
    return fail(Error::IllegalOperation);
  }
  ipc::unbind(thread);
  return done;
}

Outcome set_flags(const KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 2, 0);
  if (!length.ok()) {
    return length;
  }
  const u64 flags = (thread->flags & ~ipc::word(kernel, 0)) | (ipc::word(kernel, 1) & 1);
  thread.mut().flags = flags;
  return done_with(flags);
}

Outcome set_tls_base(const KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 1, 0);
  if (length.ok()) {
    thread.mut().context.tpidr = ipc::word(kernel, 0);
  }
  return length;
}

/// Copies `count` registers of `thread` into the message registers of `reader`.
void copy_registers_out(Ref<Tcb> reader, Ref<Tcb> thread, u64 count) {
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    ipc::set_message_word(reader, i, user_register(thread, i).get());
  }
  const u64 room = ipc::buffer_of(reader).is_null() ? minimum(count, api::message_registers) : count;
  ipc::set_received(reader, Badge(0), api::MessageInfo(0, 0, 0, room));
}

void copy_registers_in(Ref<Tcb> writer, Ref<Tcb> thread, u64 count) {
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    user_register(thread, i).mut() = ipc::message_word(writer, i + 2);
  }
  thread.mut().context.spsr = machine::user_pstate(thread->context.spsr);
  thread.mut().restart_pc = thread->context.pc;
}

Outcome read_registers(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 2, 0);
  if (!length.ok()) {
    return length;
  }
  const u64 count = ipc::word(kernel, 1);
  if (count < 1 || count > register_count) {
    return range_error(1, register_count);
  }
  if (thread == kernel.current) {
    return fail(Error::IllegalOperation);
  }
  if ((ipc::word(kernel, 0) & 1) != 0) {
    suspend(kernel, thread);
  }
  copy_registers_out(kernel.current, thread, count);
  return silently_done;
}

Outcome write_registers(KernelState& kernel, Request request, Ref<Tcb> thread) {
  const Outcome length = ipc::check_length(request, 2, 0);
  if (!length.ok()) {
    return length;
  }
  const u64 count = ipc::word(kernel, 1);
  if (request.info.length() - 2 < count) {
    return fail(Error::TruncatedMessage);
  }
  if (thread == kernel.current) {
    return fail(Error::IllegalOperation);
  }
  const bool resumed = (ipc::word(kernel, 0) & 1) != 0;
  copy_registers_in(kernel.current, thread, minimum(count, register_count));
  if (resumed) {
    resume(kernel, thread);
  }
  return done;
}

Outcome stop(KernelState& kernel, Ref<Tcb> thread) {
  suspend(kernel, thread);
  return done;
}

Outcome go_on(KernelState& kernel, Ref<Tcb> thread) {
  resume(kernel, thread);
  return done;
}

}  // namespace

Outcome invoke_thread(KernelState& kernel, Request request) {
  const Ref<Tcb> thread = cap::object_of<Tcb, cap::TcbView>(request.cap());
  switch (static_cast<api::Label>(request.label())) {
    case api::Label::TcbReadRegisters:
      return read_registers(kernel, request, thread);
    case api::Label::TcbWriteRegisters:
      return write_registers(kernel, request, thread);
    case api::Label::TcbConfigure:
      return configure(kernel, request, thread);
    case api::Label::TcbSetPriority:
      return change_priority(kernel, request, thread, false);
    case api::Label::TcbSetMcPriority:
      return change_priority(kernel, request, thread, true);
    case api::Label::TcbSetSchedParams:
      return set_sched_params(kernel, request, thread);
    case api::Label::TcbSetTimeoutEndpoint:
      return set_timeout_handler(kernel, request, thread);
    case api::Label::TcbSetIpcBuffer:
      return set_buffer(kernel, request, thread);
    case api::Label::TcbSetSpace:
      return set_space(kernel, request, thread);
    case api::Label::TcbSuspend:
      return stop(kernel, thread);
    case api::Label::TcbResume:
      return go_on(kernel, thread);
    case api::Label::TcbBindNotification:
      return bind_notification(kernel, request, thread);
    case api::Label::TcbUnbindNotification:
      return unbind_notification(thread);
    case api::Label::TcbSetTlsBase:
      return set_tls_base(kernel, request, thread);
    case api::Label::TcbSetFlags:
      return set_flags(kernel, request, thread);
    default:
      return fail(Error::IllegalOperation);
  }
}

}  // namespace sched
