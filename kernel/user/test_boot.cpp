// SPDX-License-Identifier: Apache-2.0
// What a root task finds at its start: KERNEL-ABI sections 2.1 to 2.3, and the register convention of section 3.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

void test_initial_slots() {
  expect("slot 0 is null", identify(0), 0);
  expect("slot 1 is a thread", identify(1), 12);
  expect("slot 2 is a CNode", identify(2), 10);
  expect("slot 3 is a VSpace", identify(3), 9);
  expect("slot 4 is IRQControl", identify(4), 14);
  expect("slot 5 is ASIDControl", identify(5), 11);
  expect("slot 6 is an ASID pool", identify(6), 13);
  expect("slot 7 is null", identify(7), 0);
  expect("slot 9 is the bootinfo frame", identify(9), 1);
  expect("slot 10 is the IPC buffer frame", identify(10), 1);
  expect("slot 11 is the domain capability", identify(11), 20);
  expect("slot 14 is a scheduling context", identify(14), 22);
  expect("slot 15 is null", identify(15), 0);
  expect("a pointer outside the CNode is null", identify(0x10000), 0);
}

void test_boot_info() {
  expect("bootinfo: one node", boot_word(0x10), 1);
  expect("bootinfo: CNode size bits", boot_word(0x88), 13);
  expect("bootinfo: empty slots end at 8192", boot_word(0x30), 8192);
  expect("bootinfo: paging starts at slot 16", boot_word(0x58), 16);
  expect("bootinfo: paging capability", identify(boot_word(0x58)), 3);
  expect("bootinfo: image frame", identify(boot_word(0x48)), 1);
  expect("bootinfo: sched control", identify(boot_word(0x98)), 24);
  expect("bootinfo: untyped", identify(boot_word(0xa8)), 2);
  expect("bootinfo: slot before the empty ones is used", identify(boot_word(0x28) - 1), 2);
  expect("bootinfo: first empty slot is empty", identify(boot_word(0x28)), 0);
  expect("first untyped is a device", (boot_word(0xb8 + 8) >> 8) & 1, 1);
  const u64 extra = boot_word(0x20) + 0x2000;
  expect("extra bootinfo is an FDT", *reinterpret_cast<const u64*>(extra), 6);
  expect("extra bootinfo has a length", *reinterpret_cast<const u64*>(extra + 8), boot_word(0));
  expect("the FDT has its magic number", *reinterpret_cast<const std::uint32_t*>(extra + 16), 0xedfe0dd0);
}

void test_registers() {
  Registers registers;
  registers.x0 = 7;
  registers.x6 = 0x66;
  registers.x8 = 0x88;
  registers.info = message_info(1, 0, 0);
  const u64 number_back = system_call(sys_call, registers);
  expect("call of an empty slot: InvalidCapability", label_of(registers.info), invalid_capability);
  expect("call of an empty slot: capability 0", registers.mr[0], 0);
  expect("call: x0 is 0", registers.x0, 0);
  expect("call: x6 is kept", registers.x6, 0x66);
  expect("call: x7 is kept", number_back, sys_call);
  expect("call: x8 is kept", registers.x8, 0x88);
  Registers quiet;
  quiet.x0 = 7;
  quiet.info = 0x77;
  quiet.mr[3] = 0x55;
  system_call(sys_nb_send, quiet);
  expect("NBSend writes no registers", quiet.info == 0x77 && quiet.mr[3] == 0x55 && quiet.x0 == 7, 1);
}

}  // namespace

void test_boot() {
  title("boot");
  test_initial_slots();
  test_boot_info();
  test_registers();
}

}  // namespace user
