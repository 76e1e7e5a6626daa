// SPDX-License-Identifier: Apache-2.0
// Debug system calls never fail visibly: bad arguments stop the machine, as in the reference kernel.
#include "entry/debug.hpp"

#include "base/memory.hpp"
#include "cap/cspace.hpp"
#include "ipc/message.hpp"
#include "machine/aarch64/power.hpp"
#include "machine/board/pl011.hpp"

namespace entry {

using cap::Capability;
using cap::CapKind;
using cap::SlotRef;
using sched::Tcb;
using sched::ThreadSlot;

namespace {

/// What the running thread's x0 names; the null capability if it names nothing.
Capability named_capability(const KernelState& kernel) {
  const Ref<Tcb> thread = kernel.current;
  const CPtr pointer(thread->context.x[sched::reg_capability]);
  const Result<SlotRef> slot = cap::lookup_slot(thread_cap(thread, ThreadSlot::CSpace), pointer);
  return slot.ok() ? slot.value()->cap : cap::null_capability;
}

}  // namespace

void debug_put_char(const KernelState& kernel) { machine::put_char(kernel.current->context.x[sched::reg_capability]); }

void debug_cap_identify(KernelState& kernel) {
  const u64 kind = static_cast<u64>(kind_of(named_capability(kernel)));
  kernel.current.mut().context.x[sched::reg_capability] = kind;
}

void debug_name_thread(KernelState& kernel) {
  const Capability cap = named_capability(kernel);
  const Ref<api::IpcBuffer> buffer = ipc::buffer_of(kernel.current);
  if (kind_of(cap) != CapKind::Tcb || buffer.is_null()) {
    halt(machine::text("name\n"));
    return;
  }
  const Ref<Tcb> thread = cap::object_of<Tcb, cap::TcbView>(cap);
  const u64 name = thread.word() + offsetof(Tcb, name);
  copy_words(Ref<u64>(name), Ref<u64>(buffer.word() + offsetof(api::IpcBuffer, msg)), 4);
}

void halt(u64 reason) {
  machine::put_word(machine::text("halted: "));
  machine::put_word(reason);
  machine_power_off();
}

}  // namespace entry
