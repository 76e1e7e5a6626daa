// SPDX-License-Identifier: Apache-2.0
// A program without an operating system that runs one experiment after the other at EL1 and notes every exception. EL2 below it catches
// HVC and SMC. run_experiment enters the code with all registers from `initial`; what ends it, an exception, leaves them in `final`.
  .arch armv8.2-a
  .section .text.start, "ax"
  .global _start
_start:
  ldr x0, =el2_stack
  mov sp, x0
  ldr x0, =el2_vectors
  msr vbar_el2, x0
  ldr x0, =(1 << 31 | 1 << 19)      // HCR_EL2: RW, TSC
  msr hcr_el2, x0
  mov x0, #3                        // CNTHCTL_EL2: EL1 may read the counter and use the timer
  msr cnthctl_el2, x0
  mov x0, #0x33ff                   // CPTR_EL2: no traps
  msr cptr_el2, x0
  msr mdcr_el2, xzr
  msr hstr_el2, xzr
  mov x0, #15                       // ICC_SRE_EL2: system registers, also for EL1
  msr s3_4_c12_c9_5, x0
  isb
  ldr x0, =0x30500800               // SCTLR_EL1: RES1 bits, MMU off
  msr sctlr_el1, x0
  ldr x0, =el1_start
  msr elr_el2, x0
  mov x0, #0x3c5
  msr spsr_el2, x0
  eret

el1_start:
  ldr x0, =main_stack
  mov sp, x0
  ldr x0, =el1_vectors
  msr vbar_el1, x0
  mov x0, #(3 << 20)                // CPACR_EL1: FP registers are usable
  msr cpacr_el1, x0
  isb
  bl main
  hvc #0xdead

  .global run_experiment             // void run_experiment(const void *code)
run_experiment:
  stp x19, x20, [sp, #-96]!
  stp x21, x22, [sp, #16]
  stp x23, x24, [sp, #32]
  stp x25, x26, [sp, #48]
  stp x27, x28, [sp, #64]
  stp x29, x30, [sp, #80]
  ldr x1, =main_sp
  mov x2, sp
  str x2, [x1]
  msr elr_el1, x0
  mov x1, #0x3c5
  msr spsr_el1, x1
  clrex
  ldr x1, =experiment_stack
  mov sp, x1
  ldr x0, =initial
  ldp x2, x3, [x0, #16]
  ldp x4, x5, [x0, #32]
  ldp x6, x7, [x0, #48]
  ldp x8, x9, [x0, #64]
  ldp x10, x11, [x0, #80]
  ldp x12, x13, [x0, #96]
  ldp x14, x15, [x0, #112]
  ldp x16, x17, [x0, #128]
  ldp x18, x19, [x0, #144]
  ldp x20, x21, [x0, #160]
  ldp x22, x23, [x0, #176]
  ldp x24, x25, [x0, #192]
  ldp x26, x27, [x0, #208]
  ldp x28, x29, [x0, #224]
  ldr x30, [x0, #240]
  ldp x0, x1, [x0]
  eret

// Saves everything, asks handle(esr, elr) whether the experiment goes on.
el1_exception:
  msr tpidrro_el0, x0
  ldr x0, =final
  str x1, [x0, #8]
  stp x2, x3, [x0, #16]
  stp x4, x5, [x0, #32]
  stp x6, x7, [x0, #48]
  stp x8, x9, [x0, #64]
  stp x10, x11, [x0, #80]
  stp x12, x13, [x0, #96]
  stp x14, x15, [x0, #112]
  stp x16, x17, [x0, #128]
  stp x18, x19, [x0, #144]
  stp x20, x21, [x0, #160]
  stp x22, x23, [x0, #176]
  stp x24, x25, [x0, #192]
  stp x26, x27, [x0, #208]
  stp x28, x29, [x0, #224]
  str x30, [x0, #240]
  mrs x1, tpidrro_el0
  str x1, [x0]
  mov x1, sp
  mrs x2, spsr_el1
  stp x1, x2, [x0, #248]
  ldr x1, =handler_stack
  mov sp, x1
  mrs x0, esr_el1
  mrs x1, elr_el1
  bl handle
  cbnz x0, 1f
  ldr x0, =main_sp
  ldr x0, [x0]
  mov sp, x0
  ldp x21, x22, [sp, #16]
  ldp x23, x24, [sp, #32]
  ldp x25, x26, [sp, #48]
  ldp x27, x28, [sp, #64]
  ldp x29, x30, [sp, #80]
  ldp x19, x20, [sp], #96
  ret
1:
  ldr x0, =final
  ldr x1, [x0, #248]
  mov sp, x1
  ldp x2, x3, [x0, #16]
  ldp x4, x5, [x0, #32]
  ldp x6, x7, [x0, #48]
  ldp x8, x9, [x0, #64]
  ldp x10, x11, [x0, #80]
  ldp x12, x13, [x0, #96]
  ldp x14, x15, [x0, #112]
  ldp x16, x17, [x0, #128]
  ldp x18, x19, [x0, #144]
  ldr x30, [x0, #240]
  ldp x0, x1, [x0]
  eret

// HVC and SMC are noted and the experiment goes on; HVC #0xdead switches the machine off. What else EL2 traps is skipped.
el2_exception:
  sub sp, sp, #32
  stp x0, x1, [sp]
  stp x2, x3, [sp, #16]
  mrs x0, esr_el2
  mrs x1, elr_el2
  ldr x2, =(0x16 << 26 | 1 << 25 | 0xdead)
  cmp x0, x2
  b.eq 3f
  lsr x2, x0, #26
  cmp x2, #0x16
  b.eq 1f
  add x3, x1, #4
  msr elr_el2, x3
1:
  ldr x2, =event_count
  ldr x3, [x2]
  cmp x3, #8
  b.hs 2f
  add x3, x3, #1
  str x3, [x2]
  ldr x2, =events
  add x2, x2, x3, lsl #4
  stp x0, x1, [x2, #-16]
2:
  ldp x2, x3, [sp, #16]
  ldp x0, x1, [sp], #32
  eret
3:
  ldr x0, =0x84000008                // PSCI SYSTEM_OFF
  smc #0
  b 3b

  .balign 2048
el1_vectors:
  .rept 16
  .balign 128
  b el1_exception
  .endr
  .balign 2048
el2_vectors:
  .rept 16
  .balign 128
  b el2_exception
  .endr
