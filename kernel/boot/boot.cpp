// SPDX-License-Identifier: Apache-2.0
// Boot as a table of contents: window, devices, root objects, address space, boot information, memory, go.
#include "boot/boot.hpp"

#include "entry/entry.hpp"
#include "machine/aarch64/pstate.hpp"
#include "machine/aarch64/sysreg.hpp"
#include "machine/aarch64/timer.hpp"
#include "machine/aarch64/window.hpp"
#include "machine/board/gicv2.hpp"
#include "machine/board/pl011.hpp"
#include "machine/board/qemu_virt.hpp"
#include "sched/schedule.hpp"

namespace boot {

namespace {

constinit Boot boot_state = {};
constinit sched::Tcb idle_thread = {};

void init_machine() {
  machine::init_interrupts();
  machine::init_timer();
  machine::forbid_floating_point();
  machine::unmask_irq(machine::timer_irq);
}

void start_idle(KernelState& kernel) {
  idle_thread.state = sched::ThreadState::Idle;
  idle_thread.context.pc = machine::idle_address();
  idle_thread.context.spsr = machine::idle_spsr;
  kernel.idle = ref_to(idle_thread);
  kernel.current = kernel.idle;
}

}  // namespace

}  // namespace boot

base::u64 kernel_boot(base::u64 image_start, base::u64 image_end, base::u64 virt_offset, base::u64 entry, base::u64 dtb,
                      base::u64 dtb_size) {
  boot::Boot& state = boot::boot_state;
  boot::map_window();
  boot::init_machine();
  boot::start_idle(kernel_state);
  // The last page of the address space stays unused: no object may end where addresses wrap.
  state.free_end = board::ram_end - base::bit(api::small_page_bits);
  state.next_slot = api::initial_slot_count;
  state.image_start = image_start;
  state.image_end = base::align_up(image_end, api::small_page_bits);
  state.virt_offset = virt_offset;
  state.entry = entry;
  state.dtb = dtb;
  state.dtb_size = dtb_size;
  boot::make_root_cnode(state);
  boot::make_boot_info(state);
  boot::make_root_space(kernel_state, state);
  boot::map_root_space(state);
  const cap::SlotRef buffer = boot::map_fixed_pages(state);
  boot::map_extra_pages(state);
  boot::provide_sched_control(state);
  boot::map_image(state);
  boot::start_root_thread(kernel_state, state, buffer);
  boot::provide_untypeds(state);
  boot::finish_boot_info(state);
  kernel_state.now = machine::read_time();
  kernel_state.charged_until = kernel_state.now;
  machine::put_word(machine::text("kernel: "));
  machine::put_word(machine::text("up\n"));
  return entry::leave(kernel_state);
}
