// SPDX-License-Identifier: Apache-2.0
// The other byte order.
  .text
  .global fold
  .type fold, %function
  .balign 4
fold:
  ldrb w1, [x0]
  ldrb w2, [x0, #1]
  ldrb w3, [x0, #2]
  ldrb w4, [x0, #3]
  orr w1, w1, w2, lsl #8
  orr w1, w1, w3, lsl #16
  orr w0, w1, w4, lsl #24
  ret
  .size fold, . - fold
