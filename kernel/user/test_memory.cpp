// SPDX-License-Identifier: Apache-2.0
// Frames, page tables, address spaces: KERNEL-ABI section 9.3.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 table_map = 44;
constexpr u64 table_unmap = 45;
constexpr u64 page_map = 46;
constexpr u64 page_unmap = 47;
constexpr u64 get_address = 52;
constexpr u64 make_pool = 53;
constexpr u64 assign = 54;

volatile u64& at(u64 address) { return *reinterpret_cast<volatile u64*>(address); }

void test_page() {
  const u64 where = 0x4000'0000'00;
  const u64 frame = make(type_small_page);
  const u64 same = new_slot();
  const Answer missing = call(frame, page_map, {where, 3, 3}, {slot_vspace});
  expect("map without tables: FailedLookup", missing.label, failed_lookup);
  expect("... missing capability", missing.mr[1], 2);
  expect("... 30 bits left: a page directory is missing", missing.mr[2], 30);
  expect("map with tables", map_page(frame, where).label, no_error);
  expect("a new page is zero", at(where + 0xff8), 0);
  at(where) = 0x1122334455667788;
  expect("copy of a mapped frame", copy_cap(same, frame).label, no_error);
  expect("map the copy elsewhere", map_page(same, where + 0x5000).label, no_error);
  expect("both see the same memory", at(where + 0x5000), 0x1122334455667788);
  expect("map again at the same place", call(frame, page_map, {where, 3, 3}, {slot_vspace}).label, no_error);
  expect("map again elsewhere: InvalidArgument", call(frame, page_map, {where + 0x1000, 3, 3}, {slot_vspace}).label,
         invalid_argument);
  expect("unaligned: AlignmentError", call(frame, page_map, {where + 8, 3, 3}, {slot_vspace}).label, alignment_error);
  expect("no VSpace: InvalidCapability", call(frame, page_map, {where, 3, 3}, {frame}).mr[0], 1);
  expect("no capability: TruncatedMessage", call(frame, page_map, {where, 3, 3}, {}).label, truncated_message);
  expect("beyond user memory: InvalidArgument",
         call(make(type_small_page), page_map, {0x8000'0000'0000, 3, 3}, {slot_vspace}).label, invalid_argument);
  const Answer address = call(frame, get_address, {}, {});
  expect("its address is one word", address.length, 1);
  expect("its address is in RAM",
         address.mr[0] >= 0x40000000 && address.mr[0] < 0x80000000 && (address.mr[0] & 4095) == 0, 1);
  expect("the copy has the same address", call(same, get_address, {}, {}).mr[0], address.mr[0]);
  expect("unmap", call(frame, page_unmap, {}, {}).label, no_error);
  expect("unmap again", call(frame, page_unmap, {}, {}).label, no_error);
  expect("the other mapping is still there", at(where + 0x5000), 0x1122334455667788);
  expect("remap elsewhere after unmap", call(frame, page_map, {where + 0x1000, 3, 3}, {slot_vspace}).label, no_error);
  expect("unknown label: IllegalOperation", call(frame, 1, {}, {}).label, illegal_operation);
  at(where + 0x1008) = 1;
  const u64 other = make(type_small_page);
  expect("another frame over it", call(other, page_map, {where + 0x1000, 3, 3}, {slot_vspace}).label, no_error);
  expect("... is what is there now", at(where + 0x1008), 0);
  delete_cap(frame);
  at(where + 0x1008) = 2;
  expect("deleting the first leaves the second's mapping", at(where + 0x1008), 2);
}

void test_large_page() {
  const u64 where = 0x5000'0000'00;
  const u64 frame = make(type_large_page);
  const Answer mapped = map_page(frame, where);
  expect("map a large page", mapped.label, no_error);
  at(where + 0x1f'fff8) = 5;
  expect("its last word", at(where + 0x1f'fff8), 5);
  expect("a table where the large page is: DeleteFirst",
         call(make(type_page_table), table_map, {where, 3}, {slot_vspace}).label, delete_first);
  expect("a small page inside it: FailedLookup",
         call(make(type_small_page), page_map, {where, 3, 3}, {slot_vspace}).label, failed_lookup);
  delete_cap(frame);
}

void test_table() {
  const u64 where = 0x6000'0000'00;
  const u64 table = make(type_page_table);
  expect("copy of an unmapped table: IllegalOperation", copy_cap(new_slot(), table).label, illegal_operation);
  expect("map a table", call(table, table_map, {where, 3}, {slot_vspace}).label, no_error);
  expect("map it again: InvalidCapability", call(table, table_map, {where, 3}, {slot_vspace}).mr[0], 0);
  expect("map a second one above user memory: InvalidArgument",
         call(make(type_page_table), table_map, {0x8000'0000'0000, 3}, {slot_vspace}).label, invalid_argument);
  expect("into no VSpace: InvalidCapability 1", call(make(type_page_table), table_map, {where, 3}, {table}).mr[0], 1);
  expect("truncated", call(table, table_map, {where}, {slot_vspace}).label, truncated_message);
  const u64 copy = new_slot();
  expect("copy of a mapped table", copy_cap(copy, table).label, no_error);
  expect("unmap with a copy: RevokeFirst", call(table, table_unmap, {}, {}).label, revoke_first);
  delete_cap(copy);
  expect("unmap", call(table, table_unmap, {}, {}).label, no_error);
  expect("... makes it free to be mapped", call(table, table_map, {where, 3}, {slot_vspace}).label, no_error);
  expect("deleting a mapped table", call(slot_cnode, 19, {table, 64}, {}).label, no_error);
  expect("... takes it out", call(make(type_small_page), page_map, {where, 3, 3}, {slot_vspace}).mr[2], 30);
  expect("unknown label: IllegalOperation", call(make(type_page_table), 1, {}, {}).label, illegal_operation);
}

void test_spaces() {
  const u64 space = make(type_vspace);
  expect("copy of an unassigned VSpace: IllegalOperation", copy_cap(new_slot(), space).label, illegal_operation);
  expect("map into it: InvalidCapability", call(make(type_page_table), table_map, {0, 3}, {space}).mr[0], 1);
  expect("assign an ASID", call(slot_asid_pool, assign, {}, {space}).label, no_error);
  expect("assign again: InvalidCapability", call(slot_asid_pool, assign, {}, {space}).mr[0], 1);
  expect("map into it now", call(make(type_page_table), table_map, {0, 3}, {space}).label, no_error);
  expect("truncated", call(slot_asid_pool, assign, {}, {}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(slot_asid_pool, 1, {}, {}).label, illegal_operation);
  expect("VSpace invocation that is not there: IllegalOperation", call(space, 1, {}, {}).label, illegal_operation);
  const u64 copy = new_slot();
  expect("copy of an assigned VSpace", copy_cap(copy, space).label, no_error);
  const u64 frame = make(type_small_page);
  delete_cap(space);
  expect("its copy works on", call(frame, page_map, {0, 3, 3}, {copy}).label, failed_lookup);
  delete_cap(copy);
  const u64 third = make(type_vspace);
  expect("the ASID of a deleted VSpace is free again", call(slot_asid_pool, assign, {}, {third}).label, no_error);
  const u64 pool_memory = make(type_untyped, 12);
  const u64 pool = new_slot();
  expect("pool of something else: InvalidCapability",
         call(slot_asid_control, make_pool, {pool, 64}, {frame, slot_cnode}).mr[0], 1);
  expect("make a pool", call(slot_asid_control, make_pool, {pool, 64}, {pool_memory, slot_cnode}).label, no_error);
  expect("... it is one", identify(pool), 13);
  expect("of used memory: RevokeFirst",
         call(slot_asid_control, make_pool, {new_slot(), 64}, {pool_memory, slot_cnode}).label, revoke_first);
  expect("into an occupied slot: DeleteFirst",
         call(slot_asid_control, make_pool, {pool, 64}, {make(type_untyped, 12), slot_cnode}).label, delete_first);
  expect("truncated pool", call(slot_asid_control, make_pool, {pool}, {pool_memory, slot_cnode}).label,
         truncated_message);
  expect("unknown control label: IllegalOperation", call(slot_asid_control, 1, {}, {}).label, illegal_operation);
  const u64 second = make(type_vspace);
  expect("assign from the new pool", call(pool, assign, {}, {second}).label, no_error);
  delete_cap(pool);
  expect("deleting the pool frees its spaces: FailedLookup",
         call(make(type_page_table), table_map, {0, 3}, {second}).label, failed_lookup);
}

}  // namespace

void test_memory() {
  title("memory");
  test_page();
  test_large_page();
  test_table();
  test_spaces();
}

}  // namespace user
