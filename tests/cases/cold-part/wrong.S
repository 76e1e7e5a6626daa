// SPDX-License-Identifier: Apache-2.0
// Complains twice about the same.
  .text
  .global checked
  .type checked, %function
  .balign 4
checked:
  cmp w0, w1
  b.hi checked.cold
  sub w0, w1, w0
  ret
  .size checked, . - checked
  .section .text.unlikely, "ax"
  .type checked.cold, %function
checked.cold:
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov w19, w0
  mov w20, w1
  bl complain
  mov w0, w19
  bl complain
  eor w0, w19, w20
  bl repair
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size checked.cold, . - checked.cold
