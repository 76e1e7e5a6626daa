// SPDX-License-Identifier: Apache-2.0
// Both reasons are the same.
  .text
  .global element
  .type element, %function
  .balign 4
element:
  cbz x0, 1f
  cmp w2, w1
  b.hs 1f
  ldr w0, [x0, w2, uxtw #2]
  ret
1:
  mov w0, #1
  stp x29, x30, [sp, #-16]!
  bl panic
  .size element, . - element
