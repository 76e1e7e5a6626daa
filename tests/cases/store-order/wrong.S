// SPDX-License-Identifier: Apache-2.0
// One more than the source writes.
  .text
  .global fill
  .type fill, %function
  .balign 4
fill:
  add x2, x1, #1
  add x3, x1, #2
  add x4, x1, #3
  stp x1, x2, [x0]
  stp x3, x4, [x0, #16]
  str x4, [x0, #32]
  ret
  .size fill, . - fill
