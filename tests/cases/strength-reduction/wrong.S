// SPDX-License-Identifier: Apache-2.0
// The step is the next power of two.
  .text
  .global stripes
  .type stripes, %function
  .balign 4
stripes:
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov x19, x0
  mov w20, w1
1:
  cbz w20, 2f
  mov x0, x19
  bl mark
  add x19, x19, #32
  sub w20, w20, #1
  b 1b
2:
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size stripes, . - stripes
