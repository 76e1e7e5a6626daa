// SPDX-License-Identifier: Apache-2.0
// QEMU's PL011 needs no set-up for output. Text is passed as packed words: the kernel has no strings to walk.
#include "machine/board/pl011.hpp"

#include "machine/aarch64/mmio.hpp"
#include "machine/board/qemu_virt.hpp"

namespace machine {

namespace {

constexpr Register uart_data = device_register(board::uart, 0x00);
constexpr Register uart_flags = device_register(board::uart, 0x18);
inline constexpr u32 transmit_full = 1 << 5;
inline constexpr u64 patience = 1'000'000;

}  // namespace

void put_char(u64 character) {
  for (u64 i = 0; i < patience; ++i) {
    variant(patience - i);
    if ((mmio_read(uart_flags) & transmit_full) == 0) {
      mmio_write(uart_data, static_cast<u32>(character & 0xff));
      return;
    }
  }
}

void put_word(u64 characters) {
  u64 rest = characters;
  while (rest != 0) {
    variant(rest);
    put_char(rest & 0xff);
    rest >>= 8;
  }
}

}  // namespace machine
