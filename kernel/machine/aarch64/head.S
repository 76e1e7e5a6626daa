// SPDX-License-Identifier: Apache-2.0
// Entry from the loader (KERNEL-ABI section 1), and the few writes of system registers that change the meaning of
// the instructions behind them. Contract of each function: AAPCS64, only the named registers change.

        .section .text.head, "ax"
        .global _start
        .type   _start, %function
// x0..x5: root task image start, end, offset, entry; DTB address, size. The MMU is on, with the loader's tables.
_start:
        adrp    x9, kernel_stack_top
        add     sp, x9, :lo12:kernel_stack_top
        bl      kernel_boot
        b       restore_context
        .size   _start, . - _start

        .text
// void machine_set_kernel_window(u64 ttbr1): switches to the kernel's own tables, which map the code that runs
// and the stack at the same addresses as the loader's; installs vectors; sets SCTLR (KERNEL-ABI section 12).
        .global machine_set_kernel_window
        .type   machine_set_kernel_window, %function
machine_set_kernel_window:
        dsb     sy
        msr     ttbr1_el1, x0
        isb
        tlbi    vmalle1
        dsb     sy
        isb
        adrp    x1, vectors
        add     x1, x1, :lo12:vectors
        msr     vbar_el1, x1
        mrs     x2, sctlr_el1
        mov     x3, #0x1005             // M, C, I
        orr     x2, x2, x3
        orr     x2, x2, #(1 << 15)      // UCT
        orr     x2, x2, #(1 << 26)      // UCI
        bic     x2, x2, #2              // A
        bic     x2, x2, #0x10           // SA0
        bic     x2, x2, #(3 << 24)      // EE, E0E
        msr     sctlr_el1, x2
        isb
        ret
        .size   machine_set_kernel_window, . - machine_set_kernel_window

// void machine_set_user_space(u64 ttbr0)
        .global machine_set_user_space
        .type   machine_set_user_space, %function
machine_set_user_space:
        dsb     ishst
        msr     ttbr0_el1, x0
        isb
        ret
        .size   machine_set_user_space, . - machine_set_user_space

// void machine_power_off(): PSCI SYSTEM_OFF (Arm DEN 0022), then waits for ever should that fail.
        .global machine_power_off
        .type   machine_power_off, %function
machine_power_off:
        movz    x0, #0x8400, lsl #16
        movk    x0, #0x0008
        hvc     #0
1:      wfi
        b       1b
        .size   machine_power_off, . - machine_power_off

// The idle thread: EL1, interrupts on, no stack.
        .global machine_idle
        .type   machine_idle, %function
machine_idle:
        wfi
        b       machine_idle
        .size   machine_idle, . - machine_idle

        .bss
        .balign 4096
kernel_stack:
        .space  16384
        .global kernel_stack_top
kernel_stack_top:
