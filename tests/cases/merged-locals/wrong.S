// SPDX-License-Identifier: Apache-2.0
// Both locals in one slot: the callee can tell, since p == q.
  .text
  .global merged
  .type merged, %function
  .balign 4
merged:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  mov w0, #1
  str w0, [sp, #28]
  mov w0, #2
  str w0, [sp, #28]
  add x0, sp, #28
  mov x1, x0
  bl use
  ldr w0, [sp, #28]
  ldp x29, x30, [sp], #32
  ret
  .size merged, . - merged
