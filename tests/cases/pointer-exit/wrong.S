// SPDX-License-Identifier: Apache-2.0
// The end is one element too early.
  .text
  .global all_of
  .type all_of, %function
  .balign 4
all_of:
  stp x29, x30, [sp, #-48]!
  stp x19, x20, [sp, #16]
  str x21, [sp, #32]
  mov w20, #0
  cmp w1, #1
  b.le 2f
  mov x19, x0
  add x21, x0, w1, sxtw #2
  sub x21, x21, #4
1:
  mov x0, x19
  bl word_at
  eor w20, w20, w0
  add x19, x19, #4
  cmp x19, x21
  b.ne 1b
2:
  mov w0, w20
  ldp x19, x20, [sp, #16]
  ldr x21, [sp, #32]
  ldp x29, x30, [sp], #48
  ret
  .size all_of, . - all_of
