// SPDX-License-Identifier: Apache-2.0
// Deletion of what holds other things: KERNEL-ABI sections 9.2 and 10.6.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 cnode_copy = 21;
constexpr u64 cnode_move = 23;

volatile u64 steps = 0;

void waiter(u64 capability) {
  receive(sys_wait, capability, 0);
  steps = steps + 1;
  receive(sys_wait, capability, 0);
}

/// The last capability of `cap` goes into slot `index` of a CNode of `bits` bits.
Answer put(u64 node, u64 bits, u64 index, u64 cap) {
  return call(node, cnode_move, {index, bits, cap, 64}, {slot_cnode});
}

/// CNodes inside CNodes inside CNodes, threads among them; only the outermost is reachable.
void test_nested() {
  const u64 untyped = make(type_untyped, 16);
  const u64 outer = new_slot();
  const u64 middle = new_slot();
  const u64 inner = new_slot();
  const u64 tcb = new_slot();
  const u64 endpoint = new_slot();
  for (const u64 slot : {outer, middle, inner}) {
    call(untyped, 1, {type_cnode, 3, 0, 0, slot, 1}, {slot_cnode});
  }
  call(untyped, 1, {type_tcb, 0, 0, 0, tcb, 1}, {slot_cnode});
  call(untyped, 1, {type_endpoint, 0, 0, 0, endpoint, 1}, {slot_cnode});
  call(tcb, 11, {0, 0}, {0, inner, slot_vspace});
  // A cycle too: the innermost holds a capability to the outermost.
  call(inner, cnode_copy, {5, 3, outer, 64, 15}, {slot_cnode});
  expect("endpoint into the innermost", put(inner, 3, 7, endpoint).label, no_error);
  expect("innermost into the middle", put(middle, 3, 2, inner).label, no_error);
  expect("thread into the middle", put(middle, 3, 6, tcb).label, no_error);
  expect("middle into the outermost", put(outer, 3, 4, middle).label, no_error);
  delete_cap(outer);
  expect("a CNode with a capability to it elsewhere lives on", identify(outer), 0);
  expect("revoke takes all of it", call(slot_cnode, 18, {untyped, 64}, {}).label, no_error);
  const Answer all = call(untyped, 1, {type_small_page, 0, 0, 0, new_slots(16), 16}, {slot_cnode});
  expect("... and gives all memory back", all.label, no_error);
}

void test_chain() {
  const u64 outer = make(type_cnode, 2);
  const u64 inner = make(type_cnode, 2);
  const u64 tcb = make(type_tcb);
  const u64 endpoint = make(type_endpoint);
  const u64 badged = new_slot();
  mint_cap(badged, endpoint, 3);
  call(tcb, 11, {0, 0}, {endpoint, inner, slot_vspace});
  put(inner, 2, 0, badged);
  put(outer, 2, 1, inner);
  put(outer, 2, 2, tcb);
  expect("delete a CNode with a thread and a CNode in it", call(slot_cnode, 19, {outer, 64}, {}).label, no_error);
  expect("... it is gone", identify(outer), 0);
  expect("... what it held a copy of is not", identify(endpoint), 4);
}

void test_waiting() {
  const u64 endpoint = make(type_endpoint);
  const Thread thread = make_thread(waiter, endpoint, 30, 0, 5000, 5000);
  resume(thread);
  let_others_run();
  delete_cap(endpoint);
  let_others_run();
  expect("a waiter of a deleted endpoint does not go on", steps, 0);
  expect("... it is stopped by a fault: resume restarts it", resume(thread).label, no_error);
  delete_cap(thread.tcb);
  const u64 second = make(type_endpoint);
  const Thread blocked = make_thread(waiter, second, 30, 0, 5000, 5000);
  resume(blocked);
  let_others_run();
  delete_cap(blocked.tcb);
  send(sys_nb_send, second, 0, {}, {});
  expect("a deleted thread receives nothing", steps, 0);
}

void caller(u64 endpoint) {
  call(endpoint, 1, {}, {});
  steps = steps + 1;
  receive(sys_wait, 0, 0);
}

void test_reply() {
  const u64 endpoint = make(type_endpoint);
  const u64 reply = make(type_reply);
  const Thread client = make_thread(caller, endpoint, 30, 0, 5000, 5000);
  resume(client);
  receive(sys_recv, endpoint, reply);
  delete_cap(reply);
  let_others_run();
  expect("the caller of a deleted reply object stays stopped", steps, 0);
  resume(client);
  const u64 second = make(type_reply);
  receive(sys_recv, endpoint, second);
  // The same reply object again: whoever it held is forgotten.
  receive(sys_nb_recv, endpoint, second);
  send(sys_send, second, 0, {}, {});
  let_others_run();
  expect("a reused reply object forgets its caller", steps, 0);
  resume(client);
  const Answer none = receive(sys_wait, endpoint, 0);
  expect("a call received without reply object", none.label, 1);
  let_others_run();
  expect("... is never answered", steps, 0);
  delete_cap(client.tcb);
}

void test_frames() {
  u64 frame = 0;
  const u64 address = new_page(frame);
  *reinterpret_cast<volatile u64*>(address) = 5;
  delete_cap(frame);
  const u64 other = make(type_small_page);
  expect("a deleted frame leaves its place free", call(other, 46, {address, 3, 3}, {slot_vspace}).label, no_error);
  expect("... and the new one is zero", *reinterpret_cast<volatile u64*>(address), 0);
}

}  // namespace

void test_destruction() {
  title("destruction");
  test_nested();
  test_chain();
  test_waiting();
  test_reply();
  test_frames();
}

}  // namespace user
