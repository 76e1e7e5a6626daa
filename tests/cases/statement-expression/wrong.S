// SPDX-License-Identifier: Apache-2.0
// The operand is evaluated twice, as the macro without temporaries would do.
  .text
  .global peak
  .type peak, %function
  .balign 4
peak:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, w0
  bl next
  cmp w0, w19
  b.ls 1f
  bl next
  b 2f
1:
  mov w0, w19
2:
  mov w1, #10
  cmp w19, w1
  csel w1, w19, w1, hi
  add w0, w0, w1
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size peak, . - peak
