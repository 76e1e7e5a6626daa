// SPDX-License-Identifier: Apache-2.0
// Tests first: nothing is done for zero.
  .text
  .global steps
  .type steps, %function
  .balign 4
steps:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, w0
  cbz w19, 2f
1:
  mov w0, w19
  bl step
  subs w19, w19, #1
  b.ne 1b
2:
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size steps, . - steps
