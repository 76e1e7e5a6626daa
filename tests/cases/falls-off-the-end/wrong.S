// SPDX-License-Identifier: Apache-2.0
// The return is missing: what follows is another function.
  .text
  .global only_nonzero
  .type only_nonzero, %function
  .balign 4
only_nonzero:
  cbnz w0, 1f
  stp x29, x30, [sp, #-16]!
  bl die
1:
  .size only_nonzero, . - only_nonzero
