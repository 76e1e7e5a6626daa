// SPDX-License-Identifier: Apache-2.0
// The difference the wrong way round when the first is smaller.
  .text
  .global best
  .type best, %function
  .balign 4
best:
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov w19, w1
  bl worth
  mov w20, w0
  mov w0, w19
  bl worth
  sub w0, w20, w0
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size best, . - best
