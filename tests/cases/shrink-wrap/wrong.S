// SPDX-License-Identifier: Apache-2.0
// x19 is set before the test, so that the fast path changes it without having saved it.
  .text
  .global cached
  .type cached, %function
  .balign 4
cached:
  ldr w2, [x1]
  cmp w2, w0
  b.ne 1f
  mov x19, x1
  ldr w0, [x19, #4]
  ret
1:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov x19, x1
  bl slow
  ldr w1, [x19, #8]
  add w0, w0, w1
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size cached, . - cached
