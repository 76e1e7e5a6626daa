// SPDX-License-Identifier: Apache-2.0
// The callee may change i; its old value is used.
  .text
  .global ninth
  .type ninth, %function
  .balign 4
ninth:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  ldr x1, [sp, #32]
  add x19, x1, x0
  str x19, [sp, #32]
  add x0, sp, #32
  bl keep
  add x0, x0, x19
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size ninth, . - ninth
