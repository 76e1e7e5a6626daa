// SPDX-License-Identifier: Apache-2.0
// Endpoints, replies, capability transfer: KERNEL-ABI sections 3.1, 4 and 10.6.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

u64 endpoint = 0;
u64 second_endpoint = 0;
u64 server_reply = 0;
volatile u64 seen[8];

constexpr u64 all = 15;

/// Sends what it has been told to: label 7, six words.
void sender(u64 number) {
  send(number, endpoint, 7, {11, 12, 13, 14, 15, 16}, {});
  seen[0] = 1;
  receive(sys_wait, second_endpoint, 0);
}

void caller(u64 length) {
  Registers registers;
  registers.x0 = endpoint;
  set_message(registers, 9, {21, 22}, {});
  registers.info = message_info(9, 0, length);
  system_call(sys_call, registers);
  const Answer answer = answer_of(registers);
  seen[0] = answer.label;
  seen[1] = answer.mr[0];
  seen[2] = answer.length;
  seen[3] = answer.badge;
  receive(sys_wait, second_endpoint, 0);
}

/// A server without a scheduling context of its own: runs on its callers' time.
void server(u64) {
  Registers registers;
  registers.x0 = endpoint;
  registers.x6 = server_reply;
  system_call(sys_recv, registers);
  for (;;) {
    seen[4] = seen[4] + 1;
    registers.mr[0] += 1;
    registers.info = message_info(0, 0, 1);
    registers.x0 = endpoint;
    system_call(sys_reply_recv, registers);
  }
}

void test_send() {
  endpoint = make(type_endpoint);
  second_endpoint = make(type_endpoint);
  const u64 reply = make(type_reply);
  const Answer poll = receive(sys_nb_recv, endpoint, reply);
  expect("poll of an idle endpoint: badge 0", poll.badge, 0);
  expect("poll without reply object: badge 0", receive(sys_nb_wait, endpoint, 0).badge, 0);
  send(sys_nb_send, endpoint, 1, {1}, {});
  expect("NBSend without receiver is lost", receive(sys_nb_recv, endpoint, reply).badge, 0);
  const Thread low = make_thread(sender, sys_send, 10, 0, 5000, 5000);
  const Thread high = make_thread(sender, sys_send, 20, 0, 5000, 5000);
  seen[0] = 0;
  resume(low);
  resume(high);
  const Answer first = receive(sys_wait, endpoint, 0);
  expect("receive waits for a sender: label", first.label, 7);
  expect("... length", first.length, 6);
  expect("... first word", first.mr[0], 11);
  expect("... last word, through the buffer", word(first, 5), 16);
  expect("... badge of an unbadged capability", first.badge, 0);
  const Answer other = receive(sys_recv, endpoint, reply);
  expect("the other sender", other.label, 7);
  suspend(low);
  suspend(high);
}

void test_queue() {
  const u64 badged = new_slot();
  const u64 saved = endpoint;
  mint_cap(badged, endpoint, 0xbad6e);
  endpoint = badged;
  const Thread low = make_thread(sender, sys_send, 10, 0, 5000, 5000);
  const Thread high = make_thread(sender, sys_send, 20, 0, 5000, 5000);
  const Thread middle = make_thread(sender, sys_send, 15, 0, 5000, 5000);
  resume(low);
  resume(high);
  resume(middle);
  let_others_run();
  call(low.tcb, 6, {18}, {slot_tcb});
  const Answer first = receive(sys_wait, saved, 0);
  expect("badge of a queued sender", first.badge, 0xbad6e);
  expect("highest sender first", call(high.tcb, 2, {0, 1}, {}).length, 1);
  expect("cancel badged sends", call(slot_cnode, 20, {badged, 64}, {}).label, no_error);
  suspend(low);
  suspend(middle);
  const Answer nobody = receive(sys_nb_wait, saved, 0);
  expect("... empties the queue", nobody.badge, 0);
  suspend(high);
  endpoint = saved;
}

void test_call() {
  const u64 reply = make(type_reply);
  const Thread client = make_thread(caller, 2, 20, 0, 5000, 5000);
  resume(client);
  seen[0] = 99;
  const Answer request = receive(sys_recv, endpoint, reply);
  expect("a call arrives: label", request.label, 9);
  expect("... length", request.length, 2);
  expect("... word 1", request.mr[1], 22);
  Registers registers;
  registers.x0 = endpoint;
  registers.x6 = reply;
  registers.mr[0] = 77;
  registers.info = message_info(3, 0, 1);
  const u64 poll_sender = make(type_notification);
  const u64 badge = new_slot();
  mint_cap(badge, poll_sender, 0x40);
  send(sys_send, badge, 0, {}, {});
  // Reply through the reply object's capability, by Send.
  send(sys_send, reply, 3, {77}, {});
  send(sys_send, reply, 3, {78}, {});
  let_others_run();
  expect("the answer arrives: label", seen[0], 3);
  expect("... word", seen[1], 77);
  expect("... length", seen[2], 1);
  expect("... badge 0", seen[3], 0);
  suspend(client);
  const u64 weak = new_slot();
  copy_cap(weak, endpoint, 2);
  expect("call through a capability without Send: InvalidCapability", call(weak, 0, {}, {}).label, invalid_capability);
}

void test_server() {
  server_reply = make(type_reply);
  endpoint = make(type_endpoint);
  // With a scheduling context until it waits; then without.
  const Thread thread = make_thread(server, 0, 200, 0, 5000, 5000);
  resume(thread);
  let_others_run();
  expect("unbind the server's scheduling context", call(thread.context, 35, {}, {}).label, no_error);
  seen[4] = 0;
  const Answer first = call(endpoint, 5, {41}, {});
  expect("call of a passive server", first.mr[0], 42);
  const Answer second = call(endpoint, 5, {first.mr[0]}, {});
  expect("again: its ReplyRecv works", second.mr[0], 43);
  expect("... one word", second.length, 1);
  expect("it ran twice", seen[4], 2);
  delete_cap(thread.tcb);
}

/// Callers that queue before anybody receives; a server that never had time of its own.
void test_queued_calls() {
  endpoint = make(type_endpoint);
  const u64 reply = make(type_reply);
  const Thread client = make_thread(caller, 2, 20, 0, 5000, 5000);
  seen[0] = 99;
  resume(client);
  let_others_run();
  const Answer request = receive(sys_recv, endpoint, reply);
  expect("a queued call arrives", request.label, 9);
  send(sys_send, reply, 4, {1}, {});
  let_others_run();
  expect("... and is answered", seen[0], 4);
  delete_cap(client.tcb);
  server_reply = make(type_reply);
  const Thread first = make_thread(caller, 2, 20, 0, 5000, 5000);
  resume(first);
  let_others_run();
  const Thread slow = make_thread(server, 0, 200, 0, 5000, 5000);
  resume(slow);
  let_others_run();
  call(slow.context, 35, {}, {});
  seen[4] = 0;
  const Thread second = make_thread(caller, 2, 20, 0, 5000, 5000);
  resume(second);
  let_others_run();
  expect("a passive server on a caller's time", seen[4], 1);
  expect("... which the caller has back", call(second.context, 36, {}, {second.tcb}).label, no_error);
  delete_cap(slow.tcb);
  delete_cap(first.tcb);
  delete_cap(second.tcb);
}

void stuck_server(u64) {
  receive(sys_recv, endpoint, server_reply);
  seen[5] = seen[5] + 1;
  receive(sys_wait, second_endpoint, 0);
}

/// The server keeps the caller's time; what becomes of it when server, reply object or context go.
void test_donated() {
  for (u64 which = 0; which < 3; ++which) {
    endpoint = make(type_endpoint);
    server_reply = make(type_reply);
    const Thread passive = make_thread(stuck_server, 0, 200, 0, 5000, 5000);
    const Thread client = make_thread(caller, 2, 20, 0, 5000, 5000);
    resume(passive);
    let_others_run();
    call(passive.context, 35, {}, {});
    seen[5] = 0;
    resume(client);
    let_others_run();
    expect("a server keeps its caller's time", seen[5], 1);
    expect("... so the caller has none", call(client.context, 36, {}, {client.tcb}).label, illegal_operation);
    if (which == 0) {
      delete_cap(server_reply);
      expect("deleting the reply object gives it back", call(client.context, 36, {}, {client.tcb}).label, no_error);
    } else if (which == 1) {
      delete_cap(client.context);
      send(sys_send, server_reply, 0, {}, {});
      expect("deleting the context: no time for anybody", call(passive.context, 34, {}, {client.tcb}).label, no_error);
    } else {
      delete_cap(passive.tcb);
      expect("deleting the server: the context is free", call(client.context, 34, {}, {client.tcb}).label, no_error);
    }
    delete_cap(passive.tcb);
    delete_cap(client.tcb);
  }
}

void capability_sender(u64 count) {
  buffer().caps_or_badges[0] = endpoint;
  buffer().caps_or_badges[1] = second_endpoint;
  buffer().caps_or_badges[2] = second_endpoint;
  Registers registers;
  registers.x0 = endpoint;
  registers.info = message_info(1, count, 0);
  system_call(sys_send, registers);
  receive(sys_wait, second_endpoint, 0);
}

void test_transfer() {
  endpoint = make(type_endpoint);
  const u64 badged = new_slot();
  mint_cap(badged, endpoint, 0x77);
  const u64 saved = endpoint;
  endpoint = badged;
  const u64 target = new_slot();
  buffer().receive_cnode = slot_cnode;
  buffer().receive_index = target;
  buffer().receive_depth = 64;
  const Thread thread = make_thread(capability_sender, 3, 20, 0, 5000, 5000);
  resume(thread);
  Registers registers;
  registers.x0 = saved;
  system_call(sys_wait, registers);
  expect("two capabilities arrived", (registers.info >> 7) & 3, 2);
  expect("the first was unwrapped", (registers.info >> 9) & 7, 1);
  expect("... to its badge", buffer().caps_or_badges[0], 0x77);
  expect("the second is in its slot", identify(target), 4);
  suspend(thread);
  const Thread again = make_thread(capability_sender, 2, 20, 0, 5000, 5000);
  resume(again);
  registers.x0 = saved;
  system_call(sys_wait, registers);
  expect("into an occupied slot: only the badge arrived", (registers.info >> 7) & 3, 1);
  suspend(again);
  endpoint = saved;
  copy_cap(new_slot(), endpoint, all);
}

void test_combined() {
  const u64 notification = make(type_notification);
  const u64 badged = new_slot();
  mint_cap(badged, notification, 0x30);
  Registers registers;
  registers.x0 = notification;
  registers.x6 = badged;
  system_call(sys_nb_send_wait, registers);
  expect("NBSendWait to oneself", registers.x0, 0x30);
  Registers other;
  other.x0 = notification;
  other.x8 = badged;
  other.x6 = make(type_reply);
  system_call(sys_nb_send_recv, other);
  expect("NBSendRecv to oneself", other.x0, 0x30);
  Registers refused;
  send(sys_send, badged, 0, {}, {});
  refused.x0 = notification;
  refused.x6 = slot_tcb;
  refused.info = message_info(12, 0, 0);
  system_call(sys_nb_send_wait, refused);
  expect("the first phase refuses to suspend a thread", refused.x0, 0x30);
  send(sys_send, badged, 0, {}, {});
  refused.x0 = notification;
  refused.x6 = 0x10000;
  system_call(sys_nb_send_wait, refused);
  expect("the first phase ignores a bad pointer", refused.x0, 0x30);
}

}  // namespace

void test_ipc() {
  title("ipc");
  test_send();
  test_queue();
  test_call();
  test_server();
  test_queued_calls();
  test_donated();
  test_transfer();
  test_combined();
}

}  // namespace user
