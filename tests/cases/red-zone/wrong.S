// SPDX-License-Identifier: Apache-2.0
// Spills below SP.
  .text
  .global swap_halves
  .type swap_halves, %function
  .balign 4
swap_halves:
  str x0, [sp, #-8]
  ldr x0, [sp, #-8]
  ror x0, x0, #32
  ret
  .size swap_halves, . - swap_halves
