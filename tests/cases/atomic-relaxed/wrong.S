// SPDX-License-Identifier: Apache-2.0
// Stores only half.
  .text
  .global raise
  .type raise, %function
  .balign 4
raise:
  strh w1, [x0]
  ret
  .size raise, . - raise
