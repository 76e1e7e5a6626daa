// SPDX-License-Identifier: Apache-2.0
// Numbers and registers: KERNEL-ABI section 3. A number that is none of these is a fault of the thread.
#include "entry/syscall.hpp"

#include "api/labels.hpp"
#include "entry/debug.hpp"
#include "entry/invoke.hpp"
#include "entry/receive.hpp"
#include "ipc/fault.hpp"
#include "machine/board/pl011.hpp"
#include "sched/schedule.hpp"

namespace entry {

using api::Syscall;
using sched::Tcb;

namespace {

CPtr pointer_in(const KernelState& kernel, u64 index) { return CPtr(kernel.current->context.x[index]); }

void send_then_receive(KernelState& kernel, CPtr target, CPtr source, bool with_reply) {
  send_first(kernel, target);
  // An answer to oneself or a deletion may have stopped the thread.
  if (sched::is_runnable(kernel.current)) {
    receive_phase(kernel, source, true, with_reply);
  }
}

}  // namespace

void handle_syscall(KernelState& kernel) {
  const CPtr first = pointer_in(kernel, sched::reg_capability);
  const CPtr sixth = pointer_in(kernel, sched::reg_reply);
  switch (static_cast<Syscall>(kernel.current->context.x[sched::reg_syscall])) {
    case Syscall::Call:
      send_phase(kernel, first, SendMode(true, true, true));
      break;
    case Syscall::Send:
      send_phase(kernel, first, SendMode(true, false, false));
      break;
    case Syscall::NBSend:
      send_phase(kernel, first, SendMode(false, false, false));
      break;
    case Syscall::ReplyRecv:
      send_then_receive(kernel, sixth, first, true);
      break;
    case Syscall::NBSendRecv:
      send_then_receive(kernel, pointer_in(kernel, sched::reg_destination), first, true);
      break;
    case Syscall::NBSendWait:
      send_then_receive(kernel, sixth, first, false);
      break;
    case Syscall::Recv:
      receive_phase(kernel, first, true, true);
      break;
    case Syscall::NBRecv:
      receive_phase(kernel, first, false, true);
      break;
    case Syscall::Wait:
      receive_phase(kernel, first, true, false);
      break;
    case Syscall::NBWait:
      receive_phase(kernel, first, false, false);
      break;
    case Syscall::Yield:
      sched::yield(kernel);
      break;
    case Syscall::DebugPutChar:
      debug_put_char(kernel);
      break;
    case Syscall::DebugHalt:
      halt(machine::text("debug\n"));
      break;
    case Syscall::DebugCapIdentify:
      debug_cap_identify(kernel);
      break;
    case Syscall::DebugNameThread:
      debug_name_thread(kernel);
      break;
    default:
      ipc::raise_syscall_fault(kernel, kernel.current);
      break;
  }
}

}  // namespace entry
