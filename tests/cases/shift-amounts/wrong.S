// SPDX-License-Identifier: Apache-2.0
// A logical shift.
  .text
  .global arithmetic
  .type arithmetic, %function
  .balign 4
arithmetic:
  lsr x0, x0, x1
  ret
  .size arithmetic, . - arithmetic
