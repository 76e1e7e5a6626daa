// SPDX-License-Identifier: Apache-2.0
// Boot as a table of contents: window, devices, root objects, address space, boot information, memory, go.
#include "boot/boot.hpp"

#include "base/memory.hpp"
#include "cap/derivation.hpp"
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

inline constexpr u64 root_budget_us = 5'000;
inline constexpr u64 context_bits = 7;
inline constexpr u64 root_asid = 1;

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

/// The root CNode first, because every other capability goes into it.
void make_root_cnode(Boot& boot) {
  const PhysAddr base = take(boot, api::root_cnode_bits + api::slot_bits);
  boot.root_slots = ref_at<cap::Slot>(base);
  const Capability cap = cap::CNodeView::make(base, api::root_cnode_bits);
  provide_at(boot, InitialSlot::CNode, cap::with<cap::CNodeView::GuardBits>(cap, word_bits - api::root_cnode_bits));
}

void make_root_space(KernelState& kernel, Boot& boot) {
  const PhysAddr space = take(boot, api::vspace_bits);
  const PhysAddr pool = take(boot, api::asid_pool_bits);
  boot.space = ref_at<mem::PageTable>(space);
  kernel.asid_pools[0] = ref_at<mem::AsidPool>(pool);
  kernel.asid_pools[0].mut().spaces[root_asid] = boot.space;
  provide_at(boot, InitialSlot::VSpace, cap::with<cap::VSpaceView::AsidWord>(cap::VSpaceView::make(space), root_asid));
  provide_at(boot, InitialSlot::AsidPool, cap::AsidPoolView::make(pool, Asid(0)));
  provide_at(boot, InitialSlot::IrqControl, cap::make_singleton(cap::CapKind::IrqControl));
  provide_at(boot, InitialSlot::AsidControl, cap::make_singleton(cap::CapKind::AsidControl));
  provide_at(boot, InitialSlot::Domain, cap::make_singleton(cap::CapKind::Domain));
}

/// The boot information's memory comes early, since all regions are noted in it; its mapping needs the tables.
void make_boot_info(Boot& boot) {
  const PhysAddr page = take(boot, api::small_page_bits);
  boot.info = ref_at<BootInfo>(page);
  BootInfo& info = boot.info.mut();
  info.extra_length = extra_size(boot);
  info.node_count = 1;
  info.ipc_buffer = buffer_address(boot);
  info.cnode_size_bits = api::root_cnode_bits;
}

/// The pages behind the image: boot information and IPC buffer; answers the buffer's slot.
SlotRef map_fixed_pages(Boot& boot) {
  const PhysAddr info = phys_of(boot.info);
  provide_at(boot, InitialSlot::BootInfoFrame, map_root_page(boot, info, info_address(boot), false));
  const PhysAddr buffer = take(boot, api::small_page_bits);
  return provide_at(boot, InitialSlot::IpcBuffer, map_root_page(boot, buffer, buffer_address(boot), false));
}

/// The device tree, verbatim behind a header. Its pages are contiguous because they are carved downwards in one piece
/// each.
void map_extra_pages(Boot& boot) {
  const u64 pages = extra_pages(boot);
  boot.info.mut().extra_pages.start = boot.next_slot;
  boot.free_end -= pages << 12;
  const PhysAddr base(boot.free_end);
  zero_words(ref_at<u64>(base), pages * 512);
  for (u64 i = 0; i < pages; ++i) {
    variant(pages - i);
    const u64 offset = i << 12;
    provide(boot, map_root_page(boot, PhysAddr(base.word() + offset), extra_address(boot) + offset, false));
  }
  boot.info.mut().extra_pages.end = boot.next_slot;
  if (pages != 0) {
    const Ref<api::BootInfoHeader> header = ref_at<api::BootInfoHeader>(base);
    header.mut() = api::BootInfoHeader{api::bootinfo_fdt, extra_size(boot)};
    copy_words(Ref<u64>(header.element(1).word()), ref_at<u64>(PhysAddr(boot.dtb)),
               align_up(boot.dtb_size, 3) / sizeof(u64));
  }
}

void map_image(Boot& boot) {
  boot.info.mut().image_frames.start = boot.next_slot;
  for (u64 page = boot.image_start; page < boot.image_end; page += bit(12)) {
    variant(boot.image_end - page);
    provide(boot, map_root_page(boot, PhysAddr(page), page - boot.virt_offset, true));
  }
  boot.info.mut().image_frames.end = boot.next_slot;
}

/// Gives the root thread a copy of a capability that stands in the root CNode.
void give(Ref<sched::Tcb> thread, sched::ThreadSlot which, SlotRef source) {
  cap::insert_copy(source->cap, source, thread_slot(thread, which));
}

void start_root_thread(KernelState& kernel, Boot& boot, SlotRef buffer) {
  const PhysAddr thread_base = take(boot, api::tcb_bits);
  const Ref<sched::Tcb> thread = ref_at<sched::Tcb>(thread_base);
  const PhysAddr context_base = take(boot, context_bits);
  const Ref<sched::SchedContext> context = ref_at<sched::SchedContext>(context_base);
  provide_at(boot, InitialSlot::Tcb, cap::TcbView::make(thread_base));
  provide_at(boot, InitialSlot::SchedContext, cap::SchedContextView::make(context_base, SizeBits(context_bits)));
  give(thread, sched::ThreadSlot::CSpace, boot.root_slots.element(static_cast<u64>(InitialSlot::CNode)));
  give(thread, sched::ThreadSlot::VSpace, boot.root_slots.element(static_cast<u64>(InitialSlot::VSpace)));
  give(thread, sched::ThreadSlot::IpcBuffer, buffer);
  sched::Tcb& tcb = thread.mut();
  tcb.buffer_address = buffer_address(boot);
  tcb.context.pc = boot.entry;
  tcb.context.x[0] = info_address(boot);
  tcb.context.spsr = machine::user_spsr;
  tcb.priority = Prio(api::priority_count - 1);
  tcb.max_priority = Prio(api::priority_count - 1);
  tcb.state = sched::ThreadState::Running;
  context.mut().size_bits = context_bits;
  context.mut().budget = sched::ticks_of_us(root_budget_us);
  sched::bind_context(kernel, context, thread);
}

void finish_boot_info(Boot& boot) {
  boot.info.mut().empty.start = boot.next_slot;
  boot.info.mut().empty.end = bit(api::root_cnode_bits);
}

void provide_sched_control(Boot& boot) {
  boot.info.mut().sched_control.start = boot.next_slot;
  provide(boot, cap::make_singleton(cap::CapKind::SchedControl));
  boot.info.mut().sched_control.end = boot.next_slot;
}

}  // namespace

PhysAddr take(Boot& boot, u64 bits) {
  boot.free_end = align_down(boot.free_end - bit(bits), bits);
  zero_words(ref_at<u64>(PhysAddr(boot.free_end)), bit(bits) / sizeof(u64));
  return PhysAddr(boot.free_end);
}

SlotRef provide_at(Boot& boot, InitialSlot slot, Capability cap) {
  const SlotRef target = boot.root_slots.element(static_cast<u64>(slot));
  cap::insert_root(cap, target);
  return target;
}

SlotRef provide(Boot& boot, Capability cap) {
  const SlotRef target = boot.root_slots.element(boot.next_slot);
  boot.next_slot += 1;
  cap::insert_root(cap, target);
  return target;
}

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
