// SPDX-License-Identifier: Apache-2.0
// The callee may have changed the local: returning the old value is wrong.
  .text
  .global escaping
  .type escaping, %function
  .balign 4
escaping:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  mov w0, #1
  str w0, [sp, #28]
  add x0, sp, #28
  bl use
  mov w0, #1
  ldp x29, x30, [sp], #32
  ret
  .size escaping, . - escaping
