// SPDX-License-Identifier: Apache-2.0
// The code of the other branch.
  .text
  .balign 4
  .global scale
  .type scale, %function
scale:
  lsl w0, w0, #4
  ret
  .size scale, . - scale
  .global start
  .type start, %function
start:
  mov w1, #6
  eor w0, w0, w1
  ret
  .size start, . - start
