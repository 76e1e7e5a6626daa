// SPDX-License-Identifier: Apache-2.0
// x is spilled into local[0], where the callee may write.
  .text
  .global around
  .type around, %function
  .balign 4
around:
  stp x29, x30, [sp, #-32]!
  stp x0, x0, [sp, #16]
  add x0, sp, #16
  bl fill
  ldp x1, x2, [sp, #16]
  add x0, x0, x2
  add x0, x0, x1
  ldp x29, x30, [sp], #32
  ret
  .size around, . - around
