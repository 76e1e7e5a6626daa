// SPDX-License-Identifier: Apache-2.0
// Visits after a zero, too.
  .text
  .global walk
  .type walk, %function
  .balign 4
walk:
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov w19, w0
  mov w20, #0
1:
  cmp w20, w19
  b.hs 2f
  mov w0, w20
  bl probe
  tbnz w0, #31, 2f
  mov w0, w20
  bl visit
  add w20, w20, #1
  b 1b
2:
  mov w0, w20
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size walk, . - walk
