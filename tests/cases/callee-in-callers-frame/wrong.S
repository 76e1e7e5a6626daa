// SPDX-License-Identifier: Apache-2.0
// `next` clears x in the frame of `keep`, which reads x before the call: right only if `next` wrote no memory.
  .text
  .global keep
  .type keep, %function
  .balign 4
keep:
  stp x29, x30, [sp, #-32]!
  mov x29, sp
  str x19, [sp, #16]
  str w0, [sp, #28]
  mov w19, w0
  add x0, sp, #28
  bl publish
  mov w0, w19
  ldr w19, [sp, #28]
  bl next
  add w0, w0, w19
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size keep, . - keep
  .global next
  .type next, %function
next:
  add w0, w0, #1
  str wzr, [sp, #28]
  ret
  .size next, . - next
