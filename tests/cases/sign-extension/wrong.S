// SPDX-License-Identifier: Apache-2.0
// The index is taken for unsigned.
  .text
  .global element
  .type element, %function
  .balign 4
element:
  ldrh w0, [x0, w1, uxtw #1]
  ret
  .size element, . - element
