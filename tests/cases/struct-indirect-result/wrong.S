// SPDX-License-Identifier: Apache-2.0
// The result goes to x0 as if it were a first argument.
  .text
  .global spread
  .type spread, %function
  .balign 4
spread:
  add x1, x0, #1
  eor x2, x0, #1
  stp x0, x1, [x8]
  str x1, [x8, #16]
  ret
  .size spread, . - spread
