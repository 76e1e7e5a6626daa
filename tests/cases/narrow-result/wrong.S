// SPDX-License-Identifier: Apache-2.0
// The callee's result is not extended: its upper bits are anything.
  .text
  .global doubled
  .type doubled, %function
  .balign 4
doubled:
  stp x29, x30, [sp, #-16]!
  bl h8
  lsl w0, w0, #1
  ldp x29, x30, [sp], #16
  ret
  .size doubled, . - doubled
