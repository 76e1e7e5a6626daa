// SPDX-License-Identifier: Apache-2.0
// Exceptions: save the registers of the running thread into its context, call C++, restore the context
// whose address comes back in x0. TPIDR_EL1 holds the address of the running thread's context.
// The layout is sched::Context: x0..x30 at 0, sp 248, pc 256, spsr 264, tpidr 272, tpidrro 280.

        .macro  vector handler
        .balign 128
        msr     tpidrro_el0, x30        // spare: its value is in the context
        mrs     x30, tpidr_el1
        stp     x28, x29, [x30, #224]
        adr     x28, \handler
        b       save_context
        .endm

        .macro  no_vector
        .balign 128
        b       .
        .endm

        .text
        .balign 2048
        .global vectors
        .type   vectors, %function
vectors:
        no_vector                       // EL1t
        no_vector
        no_vector
        no_vector
        vector  on_kernel_fault         // EL1h: synchronous, and interrupts of the idle thread
        vector  on_interrupt
        no_vector
        vector  on_kernel_fault
        vector  on_user                 // EL0, 64 bit
        vector  on_interrupt
        no_vector
        vector  on_user
        no_vector                       // EL0, 32 bit: never entered
        no_vector
        no_vector
        no_vector
        .size   vectors, . - vectors

// x30 = context, x28 = where to go on; x28 and x29 are saved.
        .type   save_context, %function
save_context:
        stp     x0, x1, [x30, #0]
        stp     x2, x3, [x30, #16]
        stp     x4, x5, [x30, #32]
        stp     x6, x7, [x30, #48]
        stp     x8, x9, [x30, #64]
        stp     x10, x11, [x30, #80]
        stp     x12, x13, [x30, #96]
        stp     x14, x15, [x30, #112]
        stp     x16, x17, [x30, #128]
        stp     x18, x19, [x30, #144]
        stp     x20, x21, [x30, #160]
        stp     x22, x23, [x30, #176]
        stp     x24, x25, [x30, #192]
        stp     x26, x27, [x30, #208]
        mrs     x0, tpidrro_el0
        mrs     x1, sp_el0
        stp     x0, x1, [x30, #240]
        mrs     x0, elr_el1
        mrs     x1, spsr_el1
        stp     x0, x1, [x30, #256]
        mrs     x0, tpidr_el0
        str     x0, [x30, #272]
        adrp    x0, kernel_stack_top
        add     sp, x0, :lo12:kernel_stack_top
        br      x28
        .size   save_context, . - save_context

        .type   on_user, %function
on_user:
        mrs     x0, esr_el1
        lsr     x1, x0, #26
        cmp     x1, #0x15               // SVC from AArch64
        b.ne    1f
        bl      entry_syscall
        b       restore_context
1:      bl      entry_fault
        b       restore_context
        .size   on_user, . - on_user

        .type   on_interrupt, %function
on_interrupt:
        bl      entry_interrupt
        b       restore_context
        .size   on_interrupt, . - on_interrupt

        .type   on_kernel_fault, %function
on_kernel_fault:
        bl      entry_kernel_fault
        b       .
        .size   on_kernel_fault, . - on_kernel_fault

// x0 = context to run.
        .global restore_context
        .type   restore_context, %function
restore_context:
        msr     tpidr_el1, x0
        mov     x30, x0
        ldp     x0, x1, [x30, #240]
        msr     sp_el0, x1
        ldp     x0, x1, [x30, #256]
        msr     elr_el1, x0
        msr     spsr_el1, x1
        ldp     x0, x1, [x30, #272]
        msr     tpidr_el0, x0
        msr     tpidrro_el0, x1
        ldp     x0, x1, [x30, #0]
        ldp     x2, x3, [x30, #16]
        ldp     x4, x5, [x30, #32]
        ldp     x6, x7, [x30, #48]
        ldp     x8, x9, [x30, #64]
        ldp     x10, x11, [x30, #80]
        ldp     x12, x13, [x30, #96]
        ldp     x14, x15, [x30, #112]
        ldp     x16, x17, [x30, #128]
        ldp     x18, x19, [x30, #144]
        ldp     x20, x21, [x30, #160]
        ldp     x22, x23, [x30, #176]
        ldp     x24, x25, [x30, #192]
        ldp     x26, x27, [x30, #208]
        ldp     x28, x29, [x30, #224]
        ldr     x30, [x30, #240]
        eret
        .size   restore_context, . - restore_context
