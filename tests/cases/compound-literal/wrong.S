// SPDX-License-Identifier: Apache-2.0
// The members are exchanged.
  .text
  .global norm_of
  .type norm_of, %function
  .balign 4
norm_of:
  stp x29, x30, [sp, #-32]!
  mov w1, #3
  stp w0, w1, [sp, #24]
  add x0, sp, #24
  bl norm
  ldp x29, x30, [sp], #32
  ret
  .size norm_of, . - norm_of
