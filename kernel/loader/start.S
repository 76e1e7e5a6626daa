// SPDX-License-Identifier: Apache-2.0
// QEMU's -kernel enters here: EL1h, MMU off, nothing in the registers that we use.
        .section .text.head, "ax"
        .global _start
_start:
        msr     daifset, #15
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        bl      load
1:      wfi
        b       1b

// void enter_kernel(const HandOff* hand_off): switches the MMU on and jumps; layout of HandOff in loader.cpp.
        .global enter_kernel
enter_kernel:
        mov     x19, x0
        ldp     x9, x10, [x19, #48]     // ttbr0, ttbr1
        ldp     x11, x12, [x19, #64]    // entry, tcr
        // MAIR: device nGnRnE, nGnRE, GRE, non-cacheable, write-back, write-through (KERNEL-ABI section 1)
        movz    x13, #0x0400
        movk    x13, #0x440c, lsl #16
        movk    x13, #0xaaff, lsl #32
        msr     mair_el1, x13
        mrs     x14, id_aa64mmfr0_el1
        and     x14, x14, #7
        orr     x12, x12, x14, lsl #32  // IPS
        msr     tcr_el1, x12
        msr     ttbr0_el1, x9
        msr     ttbr1_el1, x10
        dsb     sy
        tlbi    vmalle1
        ic      iallu
        dsb     sy
        isb
        mrs     x14, sctlr_el1
        mov     x15, #0x1005            // M, C, I
        orr     x14, x14, x15
        msr     sctlr_el1, x14
        isb
        ldp     x0, x1, [x19, #0]
        ldp     x2, x3, [x19, #16]
        ldp     x4, x5, [x19, #32]
        br      x11

        .bss
        .balign 16
        .space  16384
stack_top:

        .section .rodata
        .global kernel_blob, kernel_blob_end, dtb_blob, dtb_blob_end, task_blob, task_blob_end
        .balign 4096
kernel_blob:
        .incbin KERNEL_FILE
kernel_blob_end:
        .balign 4096
dtb_blob:
        .incbin DTB_FILE
dtb_blob_end:
        .balign 4096
task_blob:
        .incbin TASK_FILE
task_blob_end:
