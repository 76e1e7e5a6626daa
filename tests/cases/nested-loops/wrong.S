// SPDX-License-Identifier: Apache-2.0
// The column starts where the last row ended.
  .text
  .global grid
  .type grid, %function
  .balign 4
grid:
  stp x29, x30, [sp, #-48]!
  stp x19, x20, [sp, #16]
  stp x21, x22, [sp, #32]
  mov w21, w0
  mov w22, w1
  mov w19, #0
  mov w20, #0
1:
  cmp w19, w21
  b.hs 4f
2:
  cmp w20, w22
  b.hs 3f
  mov w0, w19
  mov w1, w20
  bl cell
  add w20, w20, #1
  b 2b
3:
  add w19, w19, #1
  b 1b
4:
  ldp x19, x20, [sp, #16]
  ldp x21, x22, [sp, #32]
  ldp x29, x30, [sp], #48
  ret
  .size grid, . - grid
