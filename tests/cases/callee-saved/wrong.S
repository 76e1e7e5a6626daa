// SPDX-License-Identifier: Apache-2.0
// x19 is not restored.
  .text
  .global twice
  .type twice, %function
  .balign 4
twice:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str x20, [sp, #16]
  mov x20, x1
  bl f1
  mov x19, x0
  mov x0, x20
  bl f1
  add x0, x19, x0
  ldr x20, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size twice, . - twice
