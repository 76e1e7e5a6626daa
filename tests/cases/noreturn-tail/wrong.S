// SPDX-License-Identifier: Apache-2.0
// Dies for one too.
  .text
  .global checked
  .type checked, %function
  .balign 4
checked:
  cmp w0, #1
  b.ls 1f
  sub w0, w0, #1
  ret
1:
  stp x29, x30, [sp, #-16]!
  bl die
  .size checked, . - checked
