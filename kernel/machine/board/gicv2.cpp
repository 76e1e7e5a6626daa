// SPDX-License-Identifier: Apache-2.0
// Register offsets: Arm IHI 0048B, sections 4.1.2 and 4.1.3. All interrupts go to processor 0 with one priority.
#include "machine/board/gicv2.hpp"

#include "machine/aarch64/mmio.hpp"
#include "machine/board/qemu_virt.hpp"

namespace machine {

namespace {

constexpr Register distributor(u64 offset) { return device_register(board::gic_distributor, offset); }
constexpr Register cpu_interface(u64 offset) { return device_register(board::gic_cpu, offset); }

inline constexpr u64 gicd_ctlr = 0x000;
inline constexpr u64 gicd_isenabler = 0x100;
inline constexpr u64 gicd_icenabler = 0x180;
inline constexpr u64 gicd_icpendr = 0x280;
inline constexpr u64 gicd_ipriorityr = 0x400;
inline constexpr u64 gicd_itargetsr = 0x800;
inline constexpr u64 gicc_ctlr = 0x00;
inline constexpr u64 gicc_pmr = 0x04;
inline constexpr u64 gicc_iar = 0x0c;
inline constexpr u64 gicc_eoir = 0x10;

inline constexpr u64 irqs = 160;

constexpr u64 bit_word(Irq irq) { return (irq.word() / 32) * 4; }
constexpr u32 bit_mask(Irq irq) { return static_cast<u32>(bit(irq.word() % 32)); }

}  // namespace

void init_interrupts() {
  mmio_write(distributor(gicd_ctlr), 0);
  for (u64 i = 0; i < irqs / 32; ++i) {
    variant(irqs / 32 - i);
    mmio_write(distributor(gicd_icenabler + 4 * i), 0xffff'ffff);
    mmio_write(distributor(gicd_icpendr + 4 * i), 0xffff'ffff);
  }
  for (u64 i = 0; i < irqs / 4; ++i) {
    variant(irqs / 4 - i);
    mmio_write(distributor(gicd_ipriorityr + 4 * i), 0x8080'8080);
    mmio_write(distributor(gicd_itargetsr + 4 * i), 0x0101'0101);
  }
  mmio_write(distributor(gicd_ctlr), 1);
  mmio_write(cpu_interface(gicc_pmr), 0xf0);
  mmio_write(cpu_interface(gicc_ctlr), 1);
}

Irq acknowledge_irq() { return Irq(mmio_read(cpu_interface(gicc_iar)) & 0x3ff); }

void complete_irq(Irq irq) { mmio_write(cpu_interface(gicc_eoir), static_cast<u32>(irq.word())); }

void mask_irq(Irq irq) { mmio_write(distributor(gicd_icenabler + bit_word(irq)), bit_mask(irq)); }

void unmask_irq(Irq irq) { mmio_write(distributor(gicd_isenabler + bit_word(irq)), bit_mask(irq)); }

}  // namespace machine
