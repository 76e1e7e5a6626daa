// SPDX-License-Identifier: Apache-2.0
// The carry is lost.
  .text
  .global sum
  .type sum, %function
  .balign 4
sum:
  add x0, x0, x2
  add x1, x1, x3
  ret
  .size sum, . - sum
