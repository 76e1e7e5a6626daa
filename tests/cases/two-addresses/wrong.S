// SPDX-License-Identifier: Apache-2.0
// Both at one address, as a linker that folds identical code would place them.
  .text
  .global twin_a
  .global twin_b
  .type twin_a, %function
  .type twin_b, %function
  .balign 4
twin_a:
twin_b:
  add w0, w0, #1
  ret
  .size twin_a, . - twin_a
  .size twin_b, . - twin_b
