// SPDX-License-Identifier: Apache-2.0
// CNode operations and lookup: KERNEL-ABI sections 5, 6 and 9.2.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 cnode_copy = 21;
constexpr u64 cnode_move = 23;
constexpr u64 cnode_mutate = 24;
constexpr u64 cnode_rotate = 25;
constexpr u64 cnode_delete = 19;
constexpr u64 cnode_revoke = 18;
constexpr u64 cnode_cancel = 20;

void test_copy() {
  const u64 endpoint = make(type_endpoint);
  const u64 copy = new_slot();
  expect("copy", copy_cap(copy, endpoint).label, no_error);
  expect("the copy is an endpoint", identify(copy), 4);
  expect("copy over it: DeleteFirst", copy_cap(copy, endpoint).label, delete_first);
  const Answer empty = copy_cap(new_slot(), 7);
  expect("copy from an empty slot: FailedLookup", empty.label, failed_lookup);
  expect("... of the source", empty.mr[0], 1);
  expect("... missing capability", empty.mr[1], 2);
  expect("... with 64 bits left", empty.mr[2], 64);
  expect("... three words", empty.length, 3);
  const Answer depth = call(slot_cnode, cnode_copy, {new_slot(), 0, endpoint, 64, 15}, {slot_cnode});
  expect("depth 0: RangeError", depth.label, range_error);
  expect("... from 1", depth.mr[0], 1);
  expect("... to 64", depth.mr[1], 64);
  expect("depth 65: RangeError", call(slot_cnode, cnode_delete, {copy, 65}, {}).label, range_error);
  expect("one word short: TruncatedMessage", call(slot_cnode, cnode_copy, {copy, 64, endpoint, 64}, {slot_cnode}).label,
         truncated_message);
  expect("no capability: TruncatedMessage", call(slot_cnode, cnode_copy, {copy, 64, endpoint, 64, 15}, {}).label,
         truncated_message);
  expect("a label of another object: IllegalOperation", call(slot_cnode, 1, {}, {}).label, illegal_operation);
  const Answer root = call(slot_cnode, cnode_copy, {new_slot(), 64, endpoint, 64, 15}, {endpoint});
  expect("source root is no CNode: FailedLookup", root.label, failed_lookup);
  expect("... invalid root", root.mr[1], 1);
  const Answer irq = copy_cap(new_slot(), slot_irq_control);
  expect("copy of IRQControl: IllegalOperation", irq.label, illegal_operation);
}

void test_mint() {
  const u64 endpoint = make(type_endpoint);
  const u64 badged = new_slot();
  const u64 again = new_slot();
  expect("mint a badge", mint_cap(badged, endpoint, 0x1234).label, no_error);
  expect("mint a badged one: IllegalOperation", mint_cap(again, badged, 0x99).label, illegal_operation);
  expect("copy a badged one", copy_cap(again, badged).label, no_error);
  const u64 notification = make(type_notification);
  const u64 ntfn_badged = new_slot();
  expect("mint a notification badge", mint_cap(ntfn_badged, notification, 7).label, no_error);
  expect("revoke a badged one", call(slot_cnode, cnode_revoke, {badged, 64}, {}).label, no_error);
  expect("... removes its copies", identify(again), 0);
  copy_cap(again, badged);
  expect("... and nothing else", identify(badged), 4);
  expect("revoke", call(slot_cnode, cnode_revoke, {endpoint, 64}, {}).label, no_error);
  expect("revoke removed the badged one", identify(badged), 0);
  expect("... and its copy", identify(again), 0);
  expect("... and kept the original", identify(endpoint), 4);
  expect("... and another object", identify(ntfn_badged), 6);
  expect("delete", call(slot_cnode, cnode_delete, {ntfn_badged, 64}, {}).label, no_error);
  expect("deleted", identify(ntfn_badged), 0);
  expect("delete an empty slot", call(slot_cnode, cnode_delete, {ntfn_badged, 64}, {}).label, no_error);
}

void test_move() {
  const u64 from = make(type_endpoint);
  const u64 to = new_slot();
  expect("move", call(slot_cnode, cnode_move, {to, 64, from, 64}, {slot_cnode}).label, no_error);
  expect("moved away", identify(from), 0);
  expect("moved there", identify(to), 4);
  expect("move from an empty slot: FailedLookup",
         call(slot_cnode, cnode_move, {from, 64, from, 64}, {slot_cnode}).label, failed_lookup);
  expect("move onto itself: DeleteFirst", call(slot_cnode, cnode_move, {to, 64, to, 64}, {slot_cnode}).label,
         delete_first);
  expect("mutate an endpoint: IllegalOperation",
         call(slot_cnode, cnode_mutate, {from, 64, to, 64, 5}, {slot_cnode}).label, illegal_operation);
  const u64 pivot = make(type_notification);
  const u64 third = new_slot();
  const Answer plain = call(slot_cnode, cnode_rotate, {third, 64, 0, pivot, 64, 0, from, 64}, {slot_cnode, slot_cnode});
  expect("rotate from an empty slot: FailedLookup", plain.label, failed_lookup);
  expect("... of the source", plain.mr[0], 1);
  const Answer same = call(slot_cnode, cnode_rotate, {third, 64, 0, pivot, 64, 0, pivot, 64}, {slot_cnode, slot_cnode});
  expect("rotate, pivot is source: IllegalOperation", same.label, illegal_operation);
  const u64 first = make(type_reply);
  const u64 second = make(type_tcb);
  const Answer good =
      call(slot_cnode, cnode_rotate, {third, 64, 0, second, 64, 0, first, 64}, {slot_cnode, slot_cnode});
  expect("rotate", good.label, no_error);
  expect("... pivot went to the target", identify(third), 12);
  expect("... source went to the pivot", identify(second), 8);
  expect("... source is empty", identify(first), 0);
  const Answer swap =
      call(slot_cnode, cnode_rotate, {third, 64, 0, second, 64, 0, third, 64}, {slot_cnode, slot_cnode});
  expect("rotate as a swap", swap.label, no_error);
  expect("... one way", identify(third), 8);
  expect("... and the other", identify(second), 12);
  const Answer full =
      call(slot_cnode, cnode_rotate, {pivot, 64, 0, second, 64, 0, third, 64}, {slot_cnode, slot_cnode});
  expect("rotate to an occupied slot: DeleteFirst", full.label, delete_first);
  const Answer empty =
      call(slot_cnode, cnode_rotate, {first, 64, 0, first, 64, 0, third, 64}, {slot_cnode, slot_cnode});
  expect("rotate, empty pivot: FailedLookup", empty.label, failed_lookup);
  expect("... not of the source", empty.mr[0], 0);
}

/// Two levels: A (4 bits, guard 0x5 of 8 bits) holds B (2 bits, no guard) in its slot 3.
void test_lookup() {
  const u64 plain = make(type_cnode, 4);
  const u64 a = new_slot();
  const u64 b = make(type_cnode, 2);
  const u64 endpoint = make(type_endpoint);
  expect("mint a guard", mint_cap(a, plain, (0x5 << 6) | 8).label, no_error);
  expect("a guard that is too long: IllegalOperation", mint_cap(new_slot(), plain, 61).label, illegal_operation);
  expect("copy through a guard", call(a, cnode_copy, {0x53, 12, b, 64, 15}, {slot_cnode}).label, no_error);
  expect("copy through two levels", call(a, cnode_copy, {(0x53 << 2) | 1, 14, endpoint, 64, 15}, {slot_cnode}).label,
         no_error);
  expect("... and it is there", call(a, cnode_copy, {(0x53 << 2) | 1, 14, endpoint, 64, 15}, {slot_cnode}).label,
         delete_first);
  const Answer guard = call(a, cnode_delete, {0x63, 12}, {});
  expect("wrong guard: FailedLookup", guard.label, failed_lookup);
  expect("... guard mismatch", guard.mr[1], 4);
  expect("... 12 bits left", guard.mr[2], 12);
  expect("... guard is 5", guard.mr[3], 5);
  expect("... of 8 bits", buffer().msg[4], 8);
  expect("... five words", guard.length, 5);
  const Answer depth = call(a, cnode_delete, {0x5, 10}, {});
  expect("too few bits: FailedLookup", depth.label, failed_lookup);
  expect("... guard mismatch first", depth.mr[1], 4);
  const Answer few = call(a, cnode_delete, {0x5 << 2, 10}, {});
  expect("guard matches, too few bits: depth mismatch", few.mr[1], 3);
  expect("... 10 bits left", few.mr[2], 10);
  expect("... 12 wanted", few.mr[3], 12);
  const Answer more = call(a, cnode_delete, {((0x53 << 2) | 1) << 4, 18}, {});
  expect("bits left at an endpoint: depth mismatch", more.mr[1], 3);
  expect("mutate a guard", call(slot_cnode, cnode_mutate, {new_slot(), 64, a, 64, 0}, {slot_cnode}).label, no_error);
}

void test_cancel() {
  const u64 endpoint = make(type_endpoint);
  const u64 weak = new_slot();
  expect("cancel on unbadged", call(slot_cnode, cnode_cancel, {endpoint, 64}, {}).label, no_error);
  expect("copy with fewer rights", copy_cap(weak, endpoint, 3).label, no_error);
  expect("cancel without all rights: IllegalOperation", call(slot_cnode, cnode_cancel, {weak, 64}, {}).label,
         illegal_operation);
  expect("cancel on a thread: IllegalOperation", call(slot_cnode, cnode_cancel, {slot_tcb, 64}, {}).label,
         illegal_operation);
}

}  // namespace

void test_cspace() {
  title("cspace");
  test_copy();
  test_mint();
  test_move();
  test_lookup();
  test_cancel();
}

}  // namespace user
