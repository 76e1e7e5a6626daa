// SPDX-License-Identifier: Apache-2.0
// Writes one bit of the neighbour.
  .text
  .global set_middle
  .type set_middle, %function
  .balign 4
set_middle:
  ldr w2, [x0]
  bfi w2, w1, #3, #8
  str w2, [x0]
  ret
  .size set_middle, . - set_middle
