// SPDX-License-Identifier: Apache-2.0
// The carry instead of the overflow.
  .text
  .global add_checked
  .type add_checked, %function
  .balign 4
add_checked:
  adds w0, w0, w1
  str w0, [x2]
  cset w0, cs
  ret
  .size add_checked, . - add_checked
