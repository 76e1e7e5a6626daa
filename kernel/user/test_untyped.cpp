// SPDX-License-Identifier: Apache-2.0
// Untyped_Retype: KERNEL-ABI sections 8.1 to 8.3.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

Answer retype(u64 untyped, u64 type, u64 bits, u64 offset, u64 count) {
  return call(untyped, 1, {type, bits, 0, 0, offset, count}, {slot_cnode});
}

void test_errors() {
  const u64 untyped = make(type_untyped, 14);
  const u64 slot = new_slot();
  expect("unknown type: InvalidArgument", retype(untyped, 12, 0, slot, 1).label, invalid_argument);
  const Answer range = retype(untyped, type_untyped, 64, slot, 1);
  expect("size 64: RangeError", range.label, range_error);
  expect("... up to 47", range.mr[1], 47);
  expect("CNode of 0 bits: InvalidArgument", retype(untyped, type_cnode, 0, slot, 1).mr[0], 1);
  expect("untyped of 3 bits: InvalidArgument", retype(untyped, type_untyped, 3, slot, 1).label, invalid_argument);
  expect("SC of 6 bits: InvalidArgument", retype(untyped, type_sched_context, 6, slot, 1).label, invalid_argument);
  const Answer offset = retype(untyped, type_endpoint, 0, 8192, 1);
  expect("offset outside: RangeError", offset.label, range_error);
  expect("... up to 8191", offset.mr[1], 8191);
  expect("no objects: RangeError", retype(untyped, type_endpoint, 0, slot, 0).mr[1], 256);
  expect("257 objects: RangeError", retype(untyped, type_endpoint, 0, slot, 257).mr[0], 1);
  const Answer window = retype(untyped, type_endpoint, 0, 8190, 3);
  expect("window too large: RangeError", window.label, range_error);
  expect("... up to 2", window.mr[1], 2);
  expect("occupied slot: DeleteFirst", retype(untyped, type_endpoint, 0, slot_cnode, 1).label, delete_first);
  const Answer memory = retype(untyped, type_small_page, 0, slot, 5);
  expect("five pages of four: NotEnoughMemory", memory.label, not_enough_memory);
  expect("... 16 KiB left", memory.mr[0], 16384);
  expect("truncated", call(untyped, 1, {1, 2, 3, 4, 5}, {slot_cnode}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(untyped, 2, {}, {}).label, illegal_operation);
  const Answer node = call(untyped, 1, {type_endpoint, 0, slot_tcb, 64, 0, 1}, {slot_cnode});
  expect("destination is no CNode: FailedLookup", node.label, failed_lookup);
  expect("... missing capability", node.mr[1], 2);
  const u64 device = device_untyped(0x9000000);
  expect("endpoint of device memory: InvalidArgument", retype(device, type_endpoint, 0, slot, 1).mr[0], 1);
}

void test_objects() {
  const u64 untyped = make(type_untyped, 16);
  const u64 first = new_slots(3);
  expect("three endpoints", retype(untyped, type_endpoint, 0, first, 3).label, no_error);
  expect("... the last is one", identify(first + 2), 4);
  const u64 node = make(type_cnode, 4);
  const Answer inside = call(untyped, 1, {type_notification, 0, node, 64, 3, 1}, {slot_cnode});
  expect("into a CNode found by pointer", inside.label, no_error);
  expect("... and it is there", call(node, 21, {3, 4, first, 64, 15}, {slot_cnode}).label, delete_first);
  expect("copy of a used untyped: RevokeFirst", copy_cap(new_slot(), untyped).label, revoke_first);
  expect("revoke gives all back", call(slot_cnode, 18, {untyped, 64}, {}).label, no_error);
  expect("... the endpoints are gone", identify(first), 0);
  expect("... and the memory is there again", retype(untyped, type_small_page, 0, new_slots(16), 16).label, no_error);
  const u64 child = make(type_untyped, 12);
  const u64 copy = new_slot();
  expect("copy of an unused untyped", copy_cap(copy, child).label, no_error);
  expect("the original has nothing left", retype(child, type_small_page, 0, new_slot(), 1).label, not_enough_memory);
  expect("the copy has", retype(copy, type_small_page, 0, new_slot(), 1).label, no_error);
}

}  // namespace

void test_untyped() {
  title("untyped");
  test_errors();
  test_objects();
}

}  // namespace user
