// SPDX-License-Identifier: Apache-2.0
// The operands are exchanged.
  .text
  .global merge
  .type merge, %function
  .balign 4
merge:
  bfi x1, x0, #8, #16
  mov x0, x1
  ret
  .size merge, . - merge
