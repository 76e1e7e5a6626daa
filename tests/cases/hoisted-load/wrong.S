// SPDX-License-Identifier: Apache-2.0
// The load stands above the call.
  .text
  .global after_call
  .type after_call, %function
  .balign 4
after_call:
  stp x29, x30, [sp, #-16]!
  mov x29, sp
  ldr w1, [x0]
  str x19, [sp, #-16]!
  mov w19, w1
  bl h
  mov w0, w19
  ldr x19, [sp], #16
  ldp x29, x30, [sp], #16
  ret
  .size after_call, . - after_call
