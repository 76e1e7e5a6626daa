// SPDX-License-Identifier: Apache-2.0
// Thread invocations: KERNEL-ABI section 9.1.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 read_registers = 2;
constexpr u64 write_registers = 3;
constexpr u64 configure = 5;
constexpr u64 set_priority = 6;
constexpr u64 set_max_priority = 7;
constexpr u64 set_sched_params = 8;
constexpr u64 set_timeout_endpoint = 9;
constexpr u64 set_buffer = 10;
constexpr u64 set_space = 11;
constexpr u64 set_flags = 17;

volatile u64 progress = 0;

void stepper(u64 step) {
  for (;;) {
    progress = progress + step;
    receive(sys_wait, slot_sched_context + 1, 0);
  }
}

void test_registers() {
  const Thread thread = make_thread(stepper, 5, 50, 0, 5000, 5000);
  const Answer few = call(thread.tcb, read_registers, {0, 4}, {});
  expect("read four registers", few.length, 4);
  expect("... pc", few.mr[0], reinterpret_cast<u64>(&stepper));
  expect("... sp", few.mr[1], thread.stack_top);
  expect("... pstate is user level's", few.mr[2], 0x40);
  expect("... x0", few.mr[3], 5);
  const Answer all = call(thread.tcb, read_registers, {1, 36}, {});
  expect("read all 36", all.length, 36);
  expect("... the TLS base is the 35th", word(all, 34), thread.buffer);
  const Answer range = call(thread.tcb, read_registers, {0, 37}, {});
  expect("37 registers: RangeError", range.label, range_error);
  expect("... from 1", range.mr[0], 1);
  expect("... to 36", range.mr[1], 36);
  expect("own registers: IllegalOperation", call(slot_tcb, read_registers, {0, 4}, {}).label, illegal_operation);
  expect("truncated", call(thread.tcb, read_registers, {0}, {}).label, truncated_message);
  const Answer written = call(thread.tcb, write_registers, {0, 6, few.mr[0], few.mr[1], ~u64{0}, 6, 0xa1, 0xa2}, {});
  expect("write six registers", written.label, no_error);
  const Answer again = call(thread.tcb, read_registers, {0, 6}, {});
  expect("... pstate keeps only the flags", again.mr[2], 0xf0000040);
  expect("... x0", again.mr[3], 6);
  expect("... x2, through the buffer", word(again, 5), 0xa2);
  expect("write with too few words: TruncatedMessage", call(thread.tcb, write_registers, {0, 6, 1}, {}).label,
         truncated_message);
  expect("write own registers: IllegalOperation", call(slot_tcb, write_registers, {0, 1, 1}, {}).label,
         illegal_operation);
  expect("write without count: TruncatedMessage", call(thread.tcb, write_registers, {0}, {}).label, truncated_message);
  progress = 0;
  expect("write and resume", call(thread.tcb, write_registers, {1, 1, few.mr[0]}, {}).label, no_error);
  let_others_run();
  expect("... it ran", progress, 6);
  suspend(thread);
}

volatile u64 count = 0;

void counter(u64) {
  for (;;) {
    count = count + 1;
  }
}

/// Suspended between two instructions, or right after a system call, a thread goes on where it was.
void test_suspend() {
  const Thread thread = make_thread(counter, 0, 1, 0, 1000, 1000);
  resume(thread);
  let_others_run();
  let_others_run();
  suspend(thread);
  const u64 before = count;
  expect("it ran", before != 0, 1);
  resume(thread);
  let_others_run();
  let_others_run();
  let_others_run();
  expect("a suspended thread goes on", count > before, 1);
  delete_cap(thread.tcb);
}

void test_configure() {
  const u64 tcb = make(type_tcb);
  u64 frame = 0;
  const u64 address = new_page(frame);
  expect("configure", call(tcb, configure, {0, 0, address}, {slot_cnode, slot_vspace, frame}).label, no_error);
  expect("configure without buffer", call(tcb, configure, {0, 0, 0}, {slot_cnode, slot_vspace, 0}).label, no_error);
  expect("truncated", call(tcb, configure, {0, 0, address}, {slot_cnode, slot_vspace}).label, truncated_message);
  expect("CSpace that is none: IllegalOperation", call(tcb, configure, {0, 0, 0}, {frame, slot_vspace, 0}).label,
         illegal_operation);
  expect("VSpace that is none: IllegalOperation", call(tcb, configure, {0, 0, 0}, {slot_cnode, frame, 0}).label,
         illegal_operation);
  expect("unaligned buffer: AlignmentError",
         call(tcb, configure, {0, 0, address + 8}, {slot_cnode, slot_vspace, frame}).label, alignment_error);
  expect("buffer that is no frame: IllegalOperation",
         call(tcb, configure, {0, 0, address}, {slot_cnode, slot_vspace, slot_cnode}).label, illegal_operation);
  expect("set buffer", call(tcb, set_buffer, {address + 1024}, {frame}).label, no_error);
  expect("set buffer, truncated", call(tcb, set_buffer, {address}, {}).label, truncated_message);
  expect("set buffer, no frame: IllegalOperation", call(tcb, set_buffer, {address}, {tcb}).label, illegal_operation);
  const u64 endpoint = make(type_endpoint);
  const u64 weak = new_slot();
  copy_cap(weak, endpoint, 1);
  expect("set space", call(tcb, set_space, {0, 0}, {endpoint, slot_cnode, slot_vspace}).label, no_error);
  expect("set space with a guard", call(tcb, set_space, {51, 0}, {0, slot_cnode, slot_vspace}).label, no_error);
  expect("guard too long: IllegalOperation", call(tcb, set_space, {60, 0}, {0, slot_cnode, slot_vspace}).label,
         illegal_operation);
  expect("handler that cannot be answered: InvalidCapability 1",
         call(tcb, set_space, {0, 0}, {weak, slot_cnode, slot_vspace}).mr[0], 1);
  expect("set space, truncated", call(tcb, set_space, {0}, {0, slot_cnode, slot_vspace}).label, truncated_message);
  expect("timeout endpoint", call(tcb, set_timeout_endpoint, {}, {endpoint}).label, no_error);
  expect("timeout endpoint that is none: InvalidCapability", call(tcb, set_timeout_endpoint, {}, {tcb}).label,
         invalid_capability);
  expect("timeout endpoint, truncated", call(tcb, set_timeout_endpoint, {}, {}).label, truncated_message);
  expect("set flags", call(tcb, set_flags, {0, 1}, {}).mr[0], 1);
  expect("clear flags", call(tcb, set_flags, {1, 0}, {}).mr[0], 0);
  expect("set flags, truncated", call(tcb, set_flags, {1}, {}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(tcb, 99, {}, {}).label, illegal_operation);
  call(slot_cnode, 18, {frame, 64}, {});
  delete_cap(tcb);
}

void test_priorities() {
  const u64 tcb = make(type_tcb);
  expect("set maximum priority", call(tcb, set_max_priority, {100}, {slot_tcb}).label, no_error);
  expect("set priority", call(tcb, set_priority, {100}, {slot_tcb}).label, no_error);
  const Answer above = call(tcb, set_priority, {101}, {tcb});
  expect("above the authority's maximum: RangeError", above.label, range_error);
  expect("... from 0", above.mr[0], 0);
  expect("... to 100", above.mr[1], 100);
  expect("authority is no thread: InvalidCapability 1", call(tcb, set_priority, {1}, {slot_cnode}).mr[0], 1);
  expect("truncated", call(tcb, set_priority, {1}, {}).label, truncated_message);
  expect("parameters", call(tcb, set_sched_params, {90, 80}, {slot_tcb, 0, 0}).label, no_error);
  expect("... maximum above: RangeError", call(tcb, set_sched_params, {256, 80}, {slot_tcb, 0, 0}).label, range_error);
  expect("... priority above: RangeError", call(tcb, set_sched_params, {90, 256}, {slot_tcb, 0, 0}).label, range_error);
  expect("... no scheduling context: InvalidCapability 2",
         call(tcb, set_sched_params, {90, 80}, {slot_tcb, tcb, 0}).mr[0], 2);
  expect("... a bound one: IllegalOperation",
         call(tcb, set_sched_params, {90, 80}, {slot_tcb, slot_sched_context, 0}).label, illegal_operation);
  expect("... no handler: InvalidCapability 3", call(tcb, set_sched_params, {90, 80}, {slot_tcb, 0, tcb}).mr[0], 3);
  expect("... truncated", call(tcb, set_sched_params, {90, 80}, {slot_tcb, 0}).label, truncated_message);
  expect("... take the own context away: IllegalOperation",
         call(slot_tcb, set_sched_params, {255, 255}, {slot_tcb, 0, 0}).label, illegal_operation);
  delete_cap(tcb);
}

/// The order in which ready threads of several priorities run.
u64 order = 0;

void recorder(u64 digit) {
  order = order * 10 + digit;
  receive(sys_wait, slot_sched_context + 1, 0);
}

void test_order() {
  const Thread one = make_thread(recorder, 1, 10, 0, 5000, 5000);
  const Thread two = make_thread(recorder, 2, 20, 0, 5000, 5000);
  const Thread three = make_thread(recorder, 3, 200, 0, 5000, 5000);
  const Thread four = make_thread(recorder, 4, 20, 0, 5000, 5000);
  resume(one);
  resume(two);
  resume(three);
  resume(four);
  call(one.tcb, set_priority, {100}, {slot_tcb});
  let_others_run();
  expect("ready threads run by priority, then in order", order, 3124);
  Registers registers;
  registers.x0 = one.tcb;
  buffer().msg[0] = 0x656e6f;
  system_call(sys_name_thread, registers);
  delete_cap(one.tcb);
  delete_cap(two.tcb);
  delete_cap(three.tcb);
  delete_cap(four.tcb);
}

}  // namespace

void test_threads() {
  title("threads");
  test_registers();
  test_suspend();
  test_configure();
  test_priorities();
  test_order();
}

}  // namespace user
