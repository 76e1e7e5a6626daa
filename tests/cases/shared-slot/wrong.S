// SPDX-License-Identifier: Apache-2.0
// The second object keeps a word of the first one.
  .text
  .global in_turn
  .type in_turn, %function
  .balign 4
in_turn:
  stp x29, x30, [sp, #-48]!
  str x19, [sp, #16]
  stp w0, wzr, [sp, #32]
  str xzr, [sp, #40]
  add x0, sp, #32
  bl use
  mov w19, w0
  str w0, [sp, #32]
  str xzr, [sp, #40]
  add x0, sp, #32
  bl use
  add w0, w19, w0
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #48
  ret
  .size in_turn, . - in_turn
