// SPDX-License-Identifier: Apache-2.0
// Traps on the largest sum, too.
  .text
  .global checked_add
  .type checked_add, %function
  .balign 4
checked_add:
  adds w0, w0, w1
  b.cs 1f
  cmn w0, #1
  b.eq 1f
  ret
1:
  brk #1
  .size checked_add, . - checked_add
