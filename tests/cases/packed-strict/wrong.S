// SPDX-License-Identifier: Apache-2.0
// The third byte is forgotten.
  .text
  .global set_length
  .type set_length, %function
  .balign 4
set_length:
  strb w1, [x0, #1]
  lsr w2, w1, #8
  strb w2, [x0, #2]
  lsr w2, w1, #24
  strb w2, [x0, #4]
  ret
  .size set_length, . - set_length
