// SPDX-License-Identifier: Apache-2.0
// The user library of the tests.
#include "user/library.hpp"

// Compilers may call these for copies and fills in any program.
extern "C" {
void* memset(void* target, int value, std::size_t size);
void* memcpy(void* target, const void* source, std::size_t size);
}

void* memset(void* target, int value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    static_cast<volatile char*>(target)[i] = static_cast<char>(value);
  }
  return target;
}

void* memcpy(void* target, const void* source, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) {
    static_cast<volatile char*>(target)[i] = static_cast<const char*>(source)[i];
  }
  return target;
}

namespace user {

namespace {

u64 passed = 0;
u64 failed = 0;
u64 info_address = 0;
u64 next_slot = 0;
u64 next_page = 0x1000'0000;

constexpr u64 stack_words = 1024;
constexpr u64 stack_count = 96;
alignas(16) u64 stacks[stack_count][stack_words];
u64 stacks_used = 0;

constexpr u64 untyped_list = 0xb8;

u64 untyped_count() { return boot_word(0xb0) - boot_word(0xa8); }
u64 untyped_base(u64 i) { return boot_word(untyped_list + 16 * i); }
u64 untyped_bits(u64 i) { return boot_word(untyped_list + 16 * i + 8) & 0xff; }
bool untyped_device(u64 i) { return (boot_word(untyped_list + 16 * i + 8) & 0xff00) != 0; }

Thread waker{};
u64 wake = 0;

void waker_body(u64 notification) {
  for (;;) {
    send(sys_send, notification, 0, {}, {});
  }
}

}  // namespace

void print(const char* text) {
  for (; *text != 0; ++text) {
    put_char(*text);
  }
}

void print_number(u64 value) {
  if (value >= 10) {
    print_number(value / 10);
  }
  put_char(static_cast<char>('0' + value % 10));
}

void print_hex(u64 value) {
  print("0x");
  for (u64 shift = 64; shift != 0; shift -= 4) {
    const u64 digit = (value >> (shift - 4)) & 15;
    if (value >> (shift - 4) != 0 || shift == 4) {
      put_char(static_cast<char>(digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
  }
}

void title(const char* text) {
  print("== ");
  print(text);
  print("\n");
}

void expect(const char* what, u64 got, u64 wanted) {
  const bool good = got == wanted;
  print(good ? "ok    " : "FAIL  ");
  print(what);
  if (good) {
    passed += 1;
  } else {
    failed += 1;
    print(": got ");
    print_hex(got);
    print(", wanted ");
    print_hex(wanted);
  }
  print("\n");
}

void summary() {
  print("ROOT TASK: ");
  print_number(passed);
  print(" passed, ");
  print_number(failed);
  print(" failed\n");
}

IpcBuffer& buffer() {
  u64 address;
  asm volatile("mrs %0, tpidr_el0" : "=r"(address));
  return *reinterpret_cast<IpcBuffer*>(address != 0 ? address : boot_word(0x20));
}

void set_message(Registers& registers, u64 label, Words words, Words caps) {
  u64 i = 0;
  for (const u64 value : words) {
    if (i < 4) {
      registers.mr[i] = value;
    } else {
      buffer().msg[i] = value;
    }
    i += 1;
  }
  u64 c = 0;
  for (const u64 cap : caps) {
    buffer().caps_or_badges[c] = cap;
    c += 1;
  }
  registers.info = message_info(label, c, i);
}

Answer answer_of(const Registers& r) {
  return Answer{r.x0, label_of(r.info), length_of(r.info), {r.mr[0], r.mr[1], r.mr[2], r.mr[3]}};
}

Answer call(u64 capability, u64 label, Words words, Words caps) {
  Registers registers;
  registers.x0 = capability;
  set_message(registers, label, words, caps);
  system_call(sys_call, registers);
  return answer_of(registers);
}

void send(u64 number, u64 capability, u64 label, Words words, Words caps) {
  Registers registers;
  registers.x0 = capability;
  set_message(registers, label, words, caps);
  system_call(number, registers);
}

Answer receive(u64 number, u64 source, u64 reply) {
  Registers registers;
  registers.x0 = source;
  registers.x6 = reply;
  system_call(number, registers);
  return answer_of(registers);
}

u64 word(const Answer& answer, u64 index) { return index < 4 ? answer.mr[index] : buffer().msg[index]; }

u64 identify(u64 capability) {
  Registers registers;
  registers.x0 = capability;
  system_call(sys_cap_identify, registers);
  return registers.x0;
}

u64 boot_word(u64 offset) { return *reinterpret_cast<const u64*>(info_address + offset); }

void start_library(u64 info) {
  info_address = info;
  next_slot = boot_word(0x28);
}

u64 new_slots(u64 count) {
  next_slot += count;
  return next_slot - count;
}

u64 new_slot() { return new_slots(1); }

u64 ram_untyped() {
  u64 best = 0;
  for (u64 i = 0; i < untyped_count(); ++i) {
    if (!untyped_device(i) && (untyped_device(best) || untyped_bits(i) > untyped_bits(best))) {
      best = i;
    }
  }
  return boot_word(0xa8) + best;
}

u64 device_untyped(u64 address) {
  for (u64 i = 0; i < untyped_count(); ++i) {
    const bool holds = untyped_base(i) <= address && address - untyped_base(i) < u64{1} << untyped_bits(i);
    if (untyped_device(i) && holds) {
      return boot_word(0xa8) + i;
    }
  }
  return 0;
}

u64 make(u64 type, u64 size_bits) {
  const u64 slot = new_slot();
  const Answer made = call(ram_untyped(), 1, {type, size_bits, 0, 0, slot, 1}, {slot_cnode});
  if (made.label != no_error) {
    expect("make an object", made.label, no_error);
  }
  return slot;
}

Answer copy_cap(u64 target, u64 source, u64 rights) {
  return call(slot_cnode, 21, {target, 64, source, 64, rights}, {slot_cnode});
}

Answer mint_cap(u64 target, u64 source, u64 badge, u64 rights) {
  return call(slot_cnode, 22, {target, 64, source, 64, rights, badge}, {slot_cnode});
}

void delete_cap(u64 slot) { call(slot_cnode, 19, {slot, 64}, {}); }

Answer map_page(u64 frame, u64 address, u64 rights, u64 attributes) {
  for (;;) {
    const Answer mapped = call(frame, 46, {address, rights, attributes}, {slot_vspace});
    if (mapped.label != failed_lookup) {
      return mapped;
    }
    const Answer table = call(make(type_page_table), 44, {address, 3}, {slot_vspace});
    if (table.label != no_error) {
      return table;
    }
  }
}

u64 new_page(u64& frame) {
  const u64 address = next_page;
  next_page += 4096;
  frame = make(type_small_page);
  const Answer mapped = map_page(frame, address);
  if (mapped.label != no_error) {
    expect("map a page", mapped.label, no_error);
  }
  return address;
}

Thread make_thread(Body body, u64 argument, u64 priority, u64 fault_endpoint, u64 budget, u64 period) {
  Thread thread{};
  if (stacks_used == stack_count) {
    expect("a free stack", stacks_used, stack_count - 1);
    return thread;
  }
  thread.tcb = make(type_tcb);
  thread.buffer = new_page(thread.frame);
  thread.stack_top = reinterpret_cast<u64>(&stacks[stacks_used][stack_words]);
  stacks_used += 1;
  if (budget != 0) {
    thread.context = make(type_sched_context, 8);
    call(boot_word(0x98), 33, {budget, period, 0, 0x5c, 0}, {thread.context});
  }
  const Answer set = call(thread.tcb, 5, {0, 0, thread.buffer}, {slot_cnode, slot_vspace, thread.frame});
  const Answer params = call(thread.tcb, 8, {255, priority}, {slot_tcb, thread.context, fault_endpoint});
  // pc, sp, spsr, x0
  const Answer written = call(thread.tcb, 3, {0, 4, reinterpret_cast<u64>(body), thread.stack_top, 0, argument}, {});
  const Answer tls = call(thread.tcb, 16, {thread.buffer}, {});
  if ((set.label | params.label | written.label | tls.label) != 0) {
    expect("make a thread", set.label * 1000000 + params.label * 10000 + written.label * 100 + tls.label, 0);
  }
  return thread;
}

Answer resume(const Thread& thread) { return call(thread.tcb, 13, {}, {}); }

Answer suspend(const Thread& thread) { return call(thread.tcb, 12, {}, {}); }

void let_others_run() {
  if (wake == 0) {
    wake = make(type_notification);
    waker = make_thread(waker_body, wake, 1, 0, 5000, 5000);
  }
  resume(waker);
  receive(sys_wait, wake, 0);
  suspend(waker);
}

}  // namespace user
