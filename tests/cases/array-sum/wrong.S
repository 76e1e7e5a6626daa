// SPDX-License-Identifier: Apache-2.0
// Adds one element too many.
  .text
  .global sum
  .type sum, %function
  .balign 4
sum:
  mov w2, #0
  mov w3, #0
1:
  ldr w4, [x0, w3, uxtw #2]
  add w2, w2, w4
  add w3, w3, #1
  cmp w3, w1
  b.ls 1b
  mov w0, w2
  ret
  .size sum, . - sum
