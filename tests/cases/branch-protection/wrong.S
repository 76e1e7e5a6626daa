// SPDX-License-Identifier: Apache-2.0
// What stands in the place of autiasp is no hint: it clears the upper half of the return address by hand.
  .text
  .global twice
  .type twice, %function
  .balign 4
twice:
  hint #25
  stp x29, x30, [sp, #-32]!
  stp x19, x20, [sp, #16]
  mov w20, w0
  bl other
  mov w19, w0
  add w0, w20, #1
  bl other
  add w0, w19, w0
  ldp x19, x20, [sp, #16]
  ldp x29, x30, [sp], #32
  mov w30, w30
  ret
  .size twice, . - twice
