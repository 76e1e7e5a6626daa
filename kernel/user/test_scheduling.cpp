// SPDX-License-Identifier: Apache-2.0
// Scheduling contexts, budgets, timeouts: KERNEL-ABI section 10.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 configure = 33;
constexpr u64 bind = 34;
constexpr u64 unbind = 35;
constexpr u64 unbind_object = 36;
constexpr u64 consumed = 37;
constexpr u64 max_us = 36893488147419;

u64 control() { return boot_word(0x98); }

void test_configure() {
  const u64 context = make(type_sched_context, 8);
  expect("configure", call(control(), configure, {1000, 2000, 0, 1, 0}, {context}).label, no_error);
  const Answer small = call(control(), configure, {19, 2000, 0, 1, 0}, {context});
  expect("budget too small: RangeError", small.label, range_error);
  expect("... from 20", small.mr[0], 20);
  expect("... to the longest period", small.mr[1], max_us);
  expect("period too long: RangeError", call(control(), configure, {1000, max_us + 1, 0, 1, 0}, {context}).label,
         range_error);
  expect("budget above period: RangeError", call(control(), configure, {3000, 2000, 0, 1, 0}, {context}).label,
         range_error);
  expect("eight extra refills in 256 bytes", call(control(), configure, {1000, 2000, 8, 1, 0}, {context}).label,
         no_error);
  const Answer refills = call(control(), configure, {1000, 2000, 9, 1, 0}, {context});
  expect("nine: RangeError", refills.label, range_error);
  expect("... up to 8", refills.mr[1], 8);
  expect("no scheduling context: InvalidCapability 1",
         call(control(), configure, {1000, 2000, 0, 1, 0}, {control()}).mr[0], 1);
  expect("truncated", call(control(), configure, {1000, 2000, 0, 1}, {context}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(control(), 1, {}, {}).label, illegal_operation);
}

void test_bind() {
  const u64 context = make(type_sched_context, 7);
  const u64 other = make(type_sched_context, 7);
  const u64 tcb = make(type_tcb);
  const u64 notification = make(type_notification);
  call(control(), configure, {1000, 1000, 0, 1, 0}, {context});
  expect("bind to a thread", call(context, bind, {}, {tcb}).label, no_error);
  expect("bind twice: IllegalOperation", call(context, bind, {}, {tcb}).label, illegal_operation);
  expect("bind to something else: InvalidCapability 1", call(other, bind, {}, {context}).mr[0], 1);
  expect("unbind another thread: IllegalOperation", call(context, unbind_object, {}, {slot_tcb}).label,
         illegal_operation);
  expect("unbind the thread", call(context, unbind_object, {}, {tcb}).label, no_error);
  expect("bind to a notification", call(context, bind, {}, {notification}).label, no_error);
  expect("the notification has one: IllegalOperation", call(other, bind, {}, {notification}).label, illegal_operation);
  expect("unbind something else: InvalidCapability 1", call(context, unbind_object, {}, {context}).mr[0], 1);
  expect("unbind the notification", call(context, unbind_object, {}, {notification}).label, no_error);
  expect("unbind it again: IllegalOperation", call(context, unbind_object, {}, {notification}).label,
         illegal_operation);
  call(context, bind, {}, {notification});
  expect("unbind all", call(context, unbind, {}, {}).label, no_error);
  expect("unbind the own one: IllegalOperation", call(slot_sched_context, unbind, {}, {}).label, illegal_operation);
  expect("truncated", call(context, bind, {}, {}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(context, 1, {}, {}).label, illegal_operation);
  expect("parameters with a context", call(tcb, 8, {50, 50}, {slot_tcb, context, 0}).label, no_error);
  expect("parameters without", call(tcb, 8, {50, 50}, {slot_tcb, 0, 0}).label, no_error);
  call(context, bind, {}, {notification});
  delete_cap(notification);
  expect("deleting the notification unbinds", call(context, bind, {}, {tcb}).label, no_error);
  delete_cap(tcb);
  expect("deleting the thread unbinds", call(context, unbind_object, {}, {slot_tcb}).label, illegal_operation);
  delete_cap(context);
}

volatile u64 rounds[3];
u64 finished = 0;

void spinner(u64 index) {
  for (;;) {
    rounds[index] = rounds[index] + 1;
  }
}

void long_worker(u64 count) {
  for (u64 i = 0; i < count; ++i) {
    rounds[2] = i;
  }
  send(sys_send, finished, 0, {}, {});
  receive(sys_wait, 0, 0);
}

void test_round_robin() {
  finished = make(type_notification);
  const Thread first = make_thread(spinner, 0, 30, 0, 1000, 1000);
  const Thread second = make_thread(spinner, 1, 30, 0, 1000, 1000);
  // Above both, but allowed to run one millisecond in four only: they share the rest.
  const Thread worker = make_thread(long_worker, 100000, 40, 0, 1000, 4000);
  resume(first);
  resume(second);
  resume(worker);
  receive(sys_wait, finished, 0);
  expect("both of a priority have run", rounds[0] > 0 && rounds[1] > 0, 1);
  const u64 more = rounds[0] > rounds[1] ? rounds[0] - rounds[1] : rounds[1] - rounds[0];
  expect("... about equally", more * 4 < rounds[0] + rounds[1], 1);
  const Answer time = call(worker.context, consumed, {}, {});
  expect("time consumed is told", time.length, 1);
  expect("... and is more than two budgets", time.mr[0] > 2000, 1);
  expect("... and starts again", call(worker.context, consumed, {}, {}).mr[0] == 0, 1);
  suspend(first);
  suspend(second);
  call(control(), configure, {2000, 2000, 0, 0, 0}, {first.context});
  resume(first);
  call(control(), configure, {1000, 1000, 0, 0, 0}, {first.context});
  delete_cap(first.context);
  delete_cap(second.tcb);
  delete_cap(worker.tcb);
  delete_cap(first.tcb);
}

void test_idle() {
  const Thread worker = make_thread(long_worker, 100000, 40, 0, 1000, 4000);
  resume(worker);
  receive(sys_wait, finished, 0);
  expect("a thread out of budget goes on after idle time", rounds[2], 99999);
  suspend(worker);
}

void test_yield() {
  Registers registers;
  system_call(sys_yield, registers);
  expect("yield comes back", registers.x0, 0);
}

void test_timeout() {
  const u64 handler = make(type_endpoint);
  const u64 reply = make(type_reply);
  const Thread worker = make_thread(spinner, 0, 40, 0, 1000, 10000);
  call(worker.tcb, 9, {}, {handler});
  resume(worker);
  const Answer fault = receive(sys_recv, handler, reply);
  expect("the end of a budget: Timeout", fault.label, fault_timeout);
  expect("... two words", fault.length, 2);
  expect("... the context's badge", fault.mr[0], 0x5c);
  expect("... about its budget", fault.mr[1] >= 900 && fault.mr[1] < 1200, 1);
  send(sys_send, reply, 0, {}, {});
  const Answer again = receive(sys_recv, handler, reply);
  expect("the answer lets it go on, to the next end", again.label, fault_timeout);
  delete_cap(worker.tcb);
}

/// A notification with a scheduling context lends it to whom it wakes.
void test_lending() {
  const u64 notification = make(type_notification);
  const u64 context = make(type_sched_context, 7);
  call(control(), configure, {1000, 1000, 0, 1, 0}, {context});
  const Thread thread = make_thread(
      [](u64 cap) {
        for (;;) {
          receive(sys_wait, cap, 0);
          rounds[2] = rounds[2] + 1;
        }
      },
      notification, 40, 0, 1000, 1000);
  resume(thread);
  let_others_run();
  call(thread.context, unbind, {}, {});
  call(context, bind, {}, {notification});
  rounds[2] = 0;
  send(sys_send, notification, 0, {}, {});
  let_others_run();
  expect("a passive thread runs on the notification's time", rounds[2], 1);
  send(sys_send, notification, 0, {}, {});
  let_others_run();
  expect("... and gives it back when it waits", rounds[2], 2);
  delete_cap(thread.tcb);
  delete_cap(context);
}

}  // namespace

void test_scheduling() {
  title("scheduling");
  test_configure();
  test_bind();
  test_round_robin();
  test_idle();
  test_yield();
  test_timeout();
  test_lending();
}

}  // namespace user
