// SPDX-License-Identifier: Apache-2.0
// Walks the left side twice.
  .text
  .global tree
  .type tree, %function
  .balign 4
tree:
  cmp w0, #1
  b.ls leaf
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov w19, w0
  bl left
  bl tree
  mov w20, w0
  mov w0, w19
  bl left
  bl tree
  orr w0, w0, #1
  udiv w0, w20, w0
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size tree, . - tree
