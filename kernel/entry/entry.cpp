// SPDX-License-Identifier: Apache-2.0
// The frame of every kernel entry: charge the time, do the work, settle who runs next.
#include "entry/entry.hpp"

#include "entry/debug.hpp"
#include "entry/syscall.hpp"
#include "ipc/fault.hpp"
#include "irq/handler.hpp"
#include "machine/aarch64/sysreg.hpp"
#include "machine/aarch64/timer.hpp"
#include "machine/board/gicv2.hpp"
#include "machine/board/pl011.hpp"
#include "sched/schedule.hpp"

using namespace base;
using sched::Tcb;

namespace entry {

namespace {

// ESR_EL1.EC (Arm ARM "ESR_EL1").
inline constexpr u64 class_instruction_abort = 0x20;
inline constexpr u64 class_data_abort = 0x24;
inline constexpr u64 syscall_size = 4;

void enter(KernelState& kernel) { sched::charge_time(kernel, machine::read_time()); }

void handle_interrupt(KernelState& kernel) {
  const Irq irq = machine::acknowledge_irq();
  if (irq.word() >= irq_count) {
    return;
  }
  // The timer has nothing to deliver: leaving settles budgets and sets a later deadline.
  if (!(irq == machine::timer_irq)) {
    irq::deliver(kernel, irq);
  }
  machine::complete_irq(irq);
}

void handle_fault(KernelState& kernel, Ref<Tcb> thread, u64 syndrome) {
  switch (syndrome >> 26) {
    case class_instruction_abort:
      ipc::raise_memory_fault(kernel, thread, thread->context.pc, syndrome & 0xffff'ffff, true);
      break;
    case class_data_abort: {
      const u64 address = machine::SysReg<machine::reg::FAR_EL1>::read();
      ipc::raise_memory_fault(kernel, thread, address, syndrome & 0xffff'ffff, false);
      break;
    }
    default:
      ipc::raise_exception_fault(kernel, thread, syndrome);
      break;
  }
}

}  // namespace

u64 leave(KernelState& kernel) {
  sched::schedule(kernel);
  mem::activate_space(kernel);
  return kernel.current.word() + offsetof(Tcb, context);
}

}  // namespace entry

u64 entry_syscall() {
  entry::enter(kernel_state);
  const Ref<Tcb> thread = kernel_state.current;
  thread.mut().restart_pc = thread->context.pc - entry::syscall_size;
  entry::handle_syscall(kernel_state);
  return entry::leave(kernel_state);
}

u64 entry_interrupt() {
  entry::enter(kernel_state);
  const Ref<Tcb> thread = kernel_state.current;
  thread.mut().restart_pc = thread->context.pc;
  entry::handle_interrupt(kernel_state);
  return entry::leave(kernel_state);
}

u64 entry_fault() {
  entry::enter(kernel_state);
  const Ref<Tcb> thread = kernel_state.current;
  thread.mut().restart_pc = thread->context.pc;
  entry::handle_fault(kernel_state, thread, machine::SysReg<machine::reg::ESR_EL1>::read());
  return entry::leave(kernel_state);
}

void entry_kernel_fault() { entry::halt(machine::text("kernel\n")); }
