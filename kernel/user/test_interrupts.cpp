// SPDX-License-Identifier: Apache-2.0
// Interrupts and device memory: KERNEL-ABI sections 0, 2.3 and 9.4. The PL011 says when it can take a character.
#include "user/library.hpp"
#include "user/tests.hpp"

namespace user {

namespace {

constexpr u64 irq_get = 26;
constexpr u64 irq_ack = 27;
constexpr u64 irq_set = 28;
constexpr u64 irq_clear = 29;
constexpr u64 uart = 0x0900'0000;
constexpr u64 uart_irq = 33;
constexpr u64 where = 0x7000'0000'00;

volatile std::uint32_t& device(u64 offset) { return *reinterpret_cast<volatile std::uint32_t*>(where + offset); }

/// Writes a character through the device itself, with its interrupt on.
void write_character() {
  device(0x44) = 0x20;
  device(0x38) = 0x20;
  device(0x00) = '.';
}

void map_device() {
  const u64 frame = new_slot();
  const Answer made = call(device_untyped(uart), 1, {type_small_page, 0, 0, 0, frame, 1}, {slot_cnode});
  expect("a frame of device memory", made.label, no_error);
  expect("... is the PL011's", call(frame, 52, {}, {}).mr[0], uart);
  expect("device frames are no IPC buffers", call(make(type_tcb), 10, {0x1000}, {frame}).label, illegal_operation);
  expect("map it uncached", map_page(frame, where, 3, 0).label, no_error);
  expect("its identification register", device(0xfe0), 0x11);
}

}  // namespace

void test_interrupts() {
  title("interrupts");
  map_device();
  const u64 handler = new_slot();
  const u64 notification = make(type_notification);
  const u64 badged = new_slot();
  mint_cap(badged, notification, 0x100);
  expect("irq 160: RangeError", call(slot_irq_control, irq_get, {160, handler, 64}, {slot_cnode}).mr[1], 159);
  expect("the kernel's timer: RevokeFirst", call(slot_irq_control, irq_get, {27, handler, 64}, {slot_cnode}).label,
         revoke_first);
  expect("into an occupied slot: DeleteFirst",
         call(slot_irq_control, irq_get, {uart_irq, badged, 64}, {slot_cnode}).label, delete_first);
  expect("into a bad slot: RangeError", call(slot_irq_control, irq_get, {uart_irq, badged, 65}, {slot_cnode}).label,
         range_error);
  expect("truncated", call(slot_irq_control, irq_get, {uart_irq, handler}, {slot_cnode}).label, truncated_message);
  expect("unknown label: IllegalOperation", call(slot_irq_control, 1, {}, {}).label, illegal_operation);
  expect("get a handler", call(slot_irq_control, irq_get, {uart_irq, handler, 64}, {slot_cnode}).label, no_error);
  expect("... it is one", identify(handler), 16);
  expect("get it twice: RevokeFirst", call(slot_irq_control, irq_get, {uart_irq, new_slot(), 64}, {slot_cnode}).label,
         revoke_first);
  expect("set what is no notification: InvalidCapability", call(handler, irq_set, {}, {slot_cnode}).mr[0], 0);
  expect("set notification, truncated", call(handler, irq_set, {}, {}).label, truncated_message);
  expect("set notification", call(handler, irq_set, {}, {badged}).label, no_error);
  write_character();
  expect("the interrupt signals it", receive(sys_wait, notification, 0).badge, 0x100);
  write_character();
  let_others_run();
  expect("masked until acknowledged", receive(sys_nb_wait, notification, 0).badge, 0);
  expect("acknowledge", call(handler, irq_ack, {}, {}).label, no_error);
  expect("... lets the next one through", receive(sys_wait, notification, 0).badge, 0x100);
  expect("clear", call(handler, irq_clear, {}, {}).label, no_error);
  call(handler, irq_ack, {}, {});
  let_others_run();
  expect("a cleared handler signals nobody", receive(sys_nb_wait, notification, 0).badge, 0);
  expect("unknown label on the handler: IllegalOperation", call(handler, 1, {}, {}).label, illegal_operation);
  device(0x38) = 0;
  call(handler, irq_set, {}, {badged});
  delete_cap(handler);
  expect("a deleted handler can be got again",
         call(slot_irq_control, irq_get, {uart_irq, handler, 64}, {slot_cnode}).label, no_error);
  print("\n");
}

}  // namespace user
