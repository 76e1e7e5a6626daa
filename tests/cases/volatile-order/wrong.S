// SPDX-License-Identifier: Apache-2.0
// The control register first.
  .text
  .global start
  .type start, %function
  .balign 4
start:
  mov w3, #1
  str w3, [x0]
  str w2, [x1]
  ret
  .size start, . - start
