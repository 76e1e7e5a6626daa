// SPDX-License-Identifier: Apache-2.0
// System-call stubs of our user library. Numbers and registers are those of KERNEL-ABI section 3, written out here
// again on purpose: the root task tests the kernel against the ABI, not against the kernel's own headers.
#pragma once

#include <cstddef>
#include <cstdint>

namespace user {

using u8 = std::uint8_t;
using u64 = std::uint64_t;

/// The registers that a system call reads and writes.
struct Registers {
  u64 x0 = 0;
  u64 info = 0;
  u64 mr[4] = {0, 0, 0, 0};
  u64 x6 = 0;
  u64 x8 = 0;
};

/// Does system call `number`; the result is in the same places, x6, x7 and x8 as they came back.
inline u64 system_call(u64 number, Registers& registers) {
  register u64 x0 asm("x0") = registers.x0;
  register u64 x1 asm("x1") = registers.info;
  register u64 x2 asm("x2") = registers.mr[0];
  register u64 x3 asm("x3") = registers.mr[1];
  register u64 x4 asm("x4") = registers.mr[2];
  register u64 x5 asm("x5") = registers.mr[3];
  register u64 x6 asm("x6") = registers.x6;
  register u64 x7 asm("x7") = number;
  register u64 x8 asm("x8") = registers.x8;
  asm volatile("svc #0"
               : "+r"(x0), "+r"(x1), "+r"(x2), "+r"(x3), "+r"(x4), "+r"(x5), "+r"(x6), "+r"(x7), "+r"(x8)
               :
               : "memory");
  registers.x0 = x0;
  registers.info = x1;
  registers.mr[0] = x2;
  registers.mr[1] = x3;
  registers.mr[2] = x4;
  registers.mr[3] = x5;
  registers.x6 = x6;
  registers.x8 = x8;
  return x7;
}

constexpr u64 number(u64 n) { return ~n + 1; }

constexpr u64 sys_call = number(1);
constexpr u64 sys_reply_recv = number(2);
constexpr u64 sys_nb_send_recv = number(3);
constexpr u64 sys_nb_send_wait = number(4);
constexpr u64 sys_send = number(5);
constexpr u64 sys_nb_send = number(6);
constexpr u64 sys_recv = number(7);
constexpr u64 sys_nb_recv = number(8);
constexpr u64 sys_wait = number(9);
constexpr u64 sys_nb_wait = number(10);
constexpr u64 sys_yield = number(11);
constexpr u64 sys_put_char = number(12);
constexpr u64 sys_halt = number(14);
constexpr u64 sys_cap_identify = number(15);
constexpr u64 sys_name_thread = number(17);

constexpr u64 message_info(u64 label, u64 caps, u64 length) { return (label << 12) | (caps << 7) | length; }
constexpr u64 label_of(u64 info) { return info >> 12; }
constexpr u64 length_of(u64 info) { return info & 127; }

struct IpcBuffer {
  u64 tag;
  u64 msg[120];
  u64 user_data;
  u64 caps_or_badges[3];
  u64 receive_cnode;
  u64 receive_index;
  u64 receive_depth;
};

inline void put_char(char character) {
  Registers registers;
  registers.x0 = static_cast<u8>(character);
  system_call(sys_put_char, registers);
}

}  // namespace user
