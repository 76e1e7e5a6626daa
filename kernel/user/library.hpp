// SPDX-License-Identifier: Apache-2.0
// What the tests need: checks that count and print, calls with any message, slots, objects, threads.
#pragma once

#include <initializer_list>

#include "user/syscalls.hpp"

namespace user {

using Words = std::initializer_list<u64>;

// --- what the ABI says (KERNEL-ABI sections 2.1, 6, 7, 8.1, 9) ------------------------------------------------
enum : u64 {
  no_error,
  invalid_argument,
  invalid_capability,
  illegal_operation,
  range_error,
  alignment_error,
  failed_lookup,
  truncated_message,
  delete_first,
  revoke_first,
  not_enough_memory
};
enum : u64 {
  type_untyped,
  type_tcb,
  type_endpoint,
  type_notification,
  type_cnode,
  type_sched_context,
  type_reply,
  type_huge_page,
  type_vspace,
  type_small_page,
  type_large_page,
  type_page_table
};
enum : u64 {
  slot_tcb = 1,
  slot_cnode = 2,
  slot_vspace = 3,
  slot_irq_control = 4,
  slot_asid_control = 5,
  slot_asid_pool = 6,
  slot_bootinfo = 9,
  slot_buffer = 10,
  slot_domain = 11,
  slot_sched_context = 14
};
enum : u64 { fault_cap = 1, fault_syscall = 2, fault_exception = 3, fault_timeout = 5, fault_vm = 6 };

// --- checks ---------------------------------------------------------------------------------------------------
void print(const char* text);
void print_number(u64 value);
void print_hex(u64 value);
void title(const char* text);

/// Prints a line, and counts it as passed if both are equal.
void expect(const char* what, u64 got, u64 wanted);
void summary();

// --- calls ----------------------------------------------------------------------------------------------------
struct Answer {
  u64 badge;
  u64 label;
  u64 length;
  u64 mr[4];
};

/// The IPC buffer of the thread that runs.
IpcBuffer& buffer();

/// Puts words and capabilities into message registers and IPC buffer of a system call.
void set_message(Registers& registers, u64 label, Words words, Words caps);
Answer answer_of(const Registers& registers);

/// Call with any message.
Answer call(u64 capability, u64 label, Words words, Words caps);
void send(u64 number, u64 capability, u64 label, Words words, Words caps);
Answer receive(u64 number, u64 source, u64 reply);

/// Message register `index` after a receive.
u64 word(const Answer& answer, u64 index);

u64 identify(u64 capability);

// --- boot information, slots, objects -------------------------------------------------------------------------
/// A word of the boot information, by its byte offset.
u64 boot_word(u64 offset);
void start_library(u64 info);

u64 new_slot();
/// The first of `count` consecutive empty slots.
u64 new_slots(u64 count);
/// The slot of the largest piece of RAM; of the device memory that holds an address.
u64 ram_untyped();
u64 device_untyped(u64 address);
/// One new object of a type; stops the test if there is none.
u64 make(u64 type, u64 size_bits = 0);

Answer copy_cap(u64 target, u64 source, u64 rights = 15);
Answer mint_cap(u64 target, u64 source, u64 badge, u64 rights = 15);
void delete_cap(u64 slot);

// --- memory and threads ---------------------------------------------------------------------------------------
/// Maps a frame at an address of the running address space, with the tables that it needs.
Answer map_page(u64 frame, u64 address, u64 rights = 3, u64 attributes = 3);
/// A fresh page of RAM; its address, and the frame's slot.
u64 new_page(u64& frame);

struct Thread {
  u64 tcb;
  u64 context;
  u64 buffer;
  u64 frame;
  u64 stack_top;
};

using Body = void (*)(u64 argument);

/// A thread of the root's spaces with an own IPC buffer and stack, ready to be resumed. `budget` and `period` in
/// microseconds; budget 0: no scheduling context.
Thread make_thread(Body body, u64 argument, u64 priority, u64 fault_endpoint, u64 budget, u64 period);
Answer resume(const Thread& thread);
Answer suspend(const Thread& thread);

/// Waits until no thread of a priority above 1 can run.
void let_others_run();

}  // namespace user
