// SPDX-License-Identifier: Apache-2.0
// Fault messages and the answers to them: KERNEL-ABI section 7.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

u64 handler = 0;
u64 reply = 0;
volatile u64 after = 0;

constexpr u64 nowhere = 0x7777'0000;

Answer next_fault() { return receive(sys_recv, handler, reply); }

/// Answers the fault held by the reply object with label and words.
void answer(u64 label, Words words) { send(sys_send, reply, label, words, {}); }

void bad_reader(u64) {
  after = *reinterpret_cast<volatile u64*>(nowhere);
  receive(sys_wait, 0, 0);
}

void bad_jumper(u64) { reinterpret_cast<void (*)()>(nowhere)(); }

void bad_instruction(u64) {
  asm volatile("brk #7");
  after = 0xb0b;
  for (;;) {
    receive(sys_wait, 0, 0);
  }
}

void bad_syscall(u64) {
  Registers registers;
  registers.x0 = 0x10;
  registers.info = 0x11;
  registers.mr[0] = 0x12;
  system_call(0x1234, registers);
  after = registers.x0;
  receive(sys_wait, 0, 0);
}

void bad_sender(u64 pointer) {
  send(sys_send, pointer, 0, {}, {});
  receive(sys_wait, pointer, 0);
}

void bad_extra(u64 pointer) { send(sys_call, handler, 0, {}, {pointer}); }

void bad_reply(u64 pointer) { receive(sys_recv, handler, pointer); }

Thread start(Body body, u64 argument) {
  const Thread thread = make_thread(body, argument, 60, handler, 5000, 5000);
  resume(thread);
  return thread;
}

void test_memory_faults() {
  const Thread reader = start(bad_reader, 0);
  const Answer fault = next_fault();
  expect("a bad read: VMFault", fault.label, fault_vm);
  expect("... four words", fault.length, 4);
  expect("... address", fault.mr[1], nowhere);
  expect("... not an instruction", fault.mr[2], 0);
  expect("... syndrome: data abort from EL0", fault.mr[3] >> 26, 0x24);
  u64 frame = make(type_small_page);
  map_page(frame, nowhere);
  *reinterpret_cast<volatile u64*>(nowhere) = 0xfeed;
  answer(0, {});
  const Answer second = next_fault();
  expect("the answer restarts it", after, 0xfeed);
  expect("... until it waits at a null capability: CapFault", second.label, fault_cap);
  expect("... in the receive phase", second.mr[2], 1);
  delete_cap(reader.tcb);
  delete_cap(frame);
  const Thread jumper = start(bad_jumper, 0);
  const Answer jump = next_fault();
  expect("a bad jump: VMFault", jump.label, fault_vm);
  expect("... of an instruction", jump.mr[2], 1);
  expect("... at its address", jump.mr[1], nowhere);
  expect("... which is where it stands", jump.mr[0], nowhere);
  delete_cap(jumper.tcb);
}

void test_exceptions() {
  const Thread thread = start(bad_instruction, 0);
  const Answer fault = next_fault();
  expect("brk: UserException", fault.label, fault_exception);
  expect("... five words", fault.length, 5);
  expect("... syndrome: BRK", fault.mr[3], 0xf2000007);
  answer(0, {fault.mr[0] + 4, fault.mr[1], 0});
  next_fault();
  expect("the answer moves it on", after, 0xb0b);
  answer(1, {});
  suspend(thread);
  const Thread other = start(bad_instruction, 0);
  next_fault();
  answer(5, {});
  let_others_run();
  expect("an answer with another label leaves it stopped", receive(sys_nb_wait, handler, 0).badge, 0);
  delete_cap(other.tcb);
  delete_cap(thread.tcb);
}

void test_syscalls() {
  const Thread thread = start(bad_syscall, 0);
  const Answer fault = next_fault();
  expect("an unknown system call: UnknownSyscall", fault.label, fault_syscall);
  expect("... 13 words", fault.length, 13);
  expect("... x0", fault.mr[0], 0x10);
  expect("... x2", fault.mr[2], 0x12);
  expect("... number", word(fault, 12), 0x1234);
  expect("... next instruction", word(fault, 10), word(fault, 8) + 4);
  const u64 pc = word(fault, 8);
  const u64 sp = word(fault, 9);
  answer(0, {0xaa, 1, 2, 3, 4, 5, 6, 7, pc + 4, sp, pc + 4, 0});
  next_fault();
  expect("the answer sets registers and moves it on", after, 0xaa);
  delete_cap(thread.tcb);
}

void test_capabilities() {
  const Thread thread = start(bad_sender, u64{1} << 20);
  const Answer fault = next_fault();
  expect("send to a bad pointer: CapFault", fault.label, fault_cap);
  expect("... the pointer", fault.mr[1], u64{1} << 20);
  expect("... in the send phase", fault.mr[2], 0);
  expect("... guard mismatch", fault.mr[3], 4);
  expect("... 64 bits left", word(fault, 4), 64);
  expect("... guard 0", word(fault, 5), 0);
  expect("... of 51 bits", word(fault, 6), 51);
  expect("... seven words", fault.length, 7);
  delete_cap(thread.tcb);
  const Thread extra = start(bad_extra, u64{1} << 20);
  const Answer second = next_fault();
  expect("a bad extra capability: CapFault", second.label, fault_cap);
  expect("... its pointer", second.mr[1], u64{1} << 20);
  delete_cap(extra.tcb);
  const Thread no_reply = start(bad_reply, slot_cnode);
  const Answer third = next_fault();
  expect("a reply capability that is none: CapFault", third.label, fault_cap);
  expect("... in the receive phase", third.mr[2], 1);
  expect("... missing capability", third.mr[3], 2);
  delete_cap(no_reply.tcb);
}

/// A two-level CSpace of a thread: bits that do not fit make a depth mismatch.
void test_depth() {
  const u64 node = make(type_cnode, 4);
  const Thread thread = make_thread(bad_sender, 3, 60, handler, 5000, 5000);
  const Answer set = call(thread.tcb, 11, {0, 0}, {handler, node, slot_vspace});
  expect("a small CSpace", set.label, no_error);
  resume(thread);
  const Answer fault = next_fault();
  expect("a null capability in it: CapFault", fault.label, fault_cap);
  expect("... when it waits", fault.mr[2], 1);
  delete_cap(thread.tcb);
  const u64 wide = new_slot();
  mint_cap(wide, node, 60);
  const u64 inner = make(type_cnode, 8);
  call(node, 21, {0, 4, inner, 64, 15}, {slot_cnode});
  const Thread deep = make_thread(bad_sender, 0, 60, handler, 5000, 5000);
  const u64 almost = new_slot();
  mint_cap(almost, node, 58);
  expect("a CSpace whose second level is too wide", call(deep.tcb, 11, {0, 0}, {handler, almost, slot_vspace}).label,
         no_error);
  resume(deep);
  const Answer depth = next_fault();
  expect("depth mismatch", depth.mr[3], 3);
  expect("... two bits left", word(depth, 4), 2);
  expect("... eight wanted", word(depth, 5), 8);
  expect("... six words", depth.length, 6);
  delete_cap(deep.tcb);
}

}  // namespace

void test_faults() {
  title("faults");
  handler = make(type_endpoint);
  reply = make(type_reply);
  test_memory_faults();
  test_exceptions();
  test_syscalls();
  test_capabilities();
  test_depth();
}

}  // namespace user
