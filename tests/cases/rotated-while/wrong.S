// SPDX-License-Identifier: Apache-2.0
// The test at the end is for another value.
  .text
  .global skip
  .type skip, %function
  .balign 4
skip:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, w0
  bl peek
  cmp w0, #7
  b.ne 2f
1:
  add w19, w19, #3
  mov w0, w19
  bl peek
  cmp w0, #5
  b.eq 1b
2:
  mov w0, w19
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size skip, . - skip
