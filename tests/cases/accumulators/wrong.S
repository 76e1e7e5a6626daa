// SPDX-License-Identifier: Apache-2.0
// The second is subtracted the other way round.
  .text
  .global totals
  .type totals, %function
  .balign 4
totals:
  stp x29, x30, [sp, #-48]!
  stp x19, x20, [sp, #16]
  str x21, [sp, #32]
  mov w19, w0
  mov w20, #0
  mov w21, #0
1:
  cbz w19, 2f
  bl next
  add w20, w20, w0
  sub w21, w21, w0
  sub w19, w19, #1
  b 1b
2:
  orr x0, x21, x20, lsl #32
  ldp x19, x20, [sp, #16]
  ldr x21, [sp, #32]
  ldp x29, x30, [sp], #48
  ret
  .size totals, . - totals
