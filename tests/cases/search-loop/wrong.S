// SPDX-License-Identifier: Apache-2.0
// Looks at one byte more.
  .text
  .global find
  .type find, %function
  .balign 4
find:
  mov x3, #0
1:
  ldrb w4, [x0, x3]
  cmp w4, w2, uxtb
  b.eq 2f
  add x3, x3, #1
  cmp x3, x1
  b.ls 1b
  mov w0, #0
  ret
2:
  mov w0, #1
  ret
  .size find, . - find
