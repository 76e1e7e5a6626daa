// SPDX-License-Identifier: Apache-2.0
// Notifications: KERNEL-ABI sections 3.1, 9.1 and 10.4.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

volatile u64 badges[4];
u64 endpoint = 0;

void waiter(u64 notification) {
  badges[0] = receive(sys_wait, notification, 0).badge;
  badges[1] = receive(sys_wait, notification, 0).badge;
  receive(sys_wait, notification, 0);
}

void endpoint_waiter(u64) {
  badges[2] = receive(sys_wait, endpoint, 0).badge;
  badges[3] = receive(sys_wait, endpoint, 0).badge;
  receive(sys_wait, endpoint, 0);
}

void test_signal() {
  const u64 notification = make(type_notification);
  const u64 one = new_slot();
  const u64 two = new_slot();
  mint_cap(one, notification, 1);
  mint_cap(two, notification, 2);
  expect("poll without signal", receive(sys_nb_wait, notification, 0).badge, 0);
  expect("call of a notification", call(one, 0, {}, {}).label, no_error);
  send(sys_send, two, 0, {}, {});
  Registers registers;
  registers.x0 = notification;
  registers.info = 0x99;
  system_call(sys_wait, registers);
  expect("badges are ORed", registers.x0, 3);
  expect("... and x1 is untouched", registers.info, 0x99);
  const u64 read_only = new_slot();
  copy_cap(read_only, notification, 2);
  expect("signal without Send: InvalidCapability", call(read_only, 0, {}, {}).label, invalid_capability);
}

void test_waiters() {
  const u64 notification = make(type_notification);
  const u64 badged = new_slot();
  mint_cap(badged, notification, 0x10);
  const Thread high = make_thread(waiter, notification, 30, 0, 5000, 5000);
  const Thread low = make_thread(waiter, notification, 20, 0, 5000, 5000);
  resume(low);
  resume(high);
  let_others_run();
  expect("bind a notification with waiters: IllegalOperation", call(slot_tcb, 14, {}, {notification}).label,
         illegal_operation);
  call(low.tcb, 6, {40}, {slot_tcb});
  send(sys_send, badged, 0, {}, {});
  let_others_run();
  expect("a waiter got the badge", badges[0], 0x10);
  suspend(high);
  suspend(low);
  const Thread last = make_thread(waiter, notification, 30, 0, 5000, 5000);
  resume(last);
  let_others_run();
  call(slot_cnode, 18, {notification, 64}, {});
  delete_cap(notification);
  expect("a notification with a waiter can be deleted", identify(notification), 0);
  suspend(last);
}

void test_bound() {
  const u64 notification = make(type_notification);
  const u64 badged = new_slot();
  mint_cap(badged, notification, 0x20);
  endpoint = make(type_endpoint);
  const Thread thread = make_thread(endpoint_waiter, 0, 30, 0, 5000, 5000);
  expect("unbind what is not bound: IllegalOperation", call(thread.tcb, 15, {}, {}).label, illegal_operation);
  expect("bind an endpoint: IllegalOperation", call(thread.tcb, 14, {}, {endpoint}).label, illegal_operation);
  expect("bind", call(thread.tcb, 14, {}, {notification}).label, no_error);
  expect("bind again: IllegalOperation", call(thread.tcb, 14, {}, {notification}).label, illegal_operation);
  expect("bind to another thread: IllegalOperation", call(slot_tcb, 14, {}, {notification}).label, illegal_operation);
  resume(thread);
  let_others_run();
  send(sys_send, badged, 0, {}, {});
  send(sys_send, badged, 0, {}, {});
  let_others_run();
  expect("a signal ends waiting at an endpoint", badges[2], 0x20);
  expect("a kept signal is delivered at the next receive", badges[3], 0x20);
  expect("unbind", call(thread.tcb, 15, {}, {}).label, no_error);
  call(thread.tcb, 14, {}, {notification});
  call(slot_cnode, 18, {notification, 64}, {});
  delete_cap(notification);
  expect("deleting a bound notification unbinds it", call(thread.tcb, 15, {}, {}).label, illegal_operation);
  suspend(thread);
}

}  // namespace

void test_notification() {
  title("notification");
  test_signal();
  test_waiters();
  test_bound();
}

}  // namespace user
