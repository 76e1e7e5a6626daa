// SPDX-License-Identifier: Apache-2.0
// The tenth argument stands right behind the two bytes of the ninth.
  .text
  .global forward
  .type forward, %function
  .balign 4
forward:
  sub sp, sp, #32
  stp x29, x30, [sp, #16]
  strh w0, [sp]
  stur x1, [sp, #2]
  mov w1, #2
  mov w2, #3
  mov w3, #4
  mov w4, #5
  mov w5, #6
  mov w6, #7
  mov w7, #8
  bl many
  add w0, w0, #1
  ldp x29, x30, [sp, #16]
  add sp, sp, #32
  ret
  .size forward, . - forward
