// SPDX-License-Identifier: Apache-2.0
// The stack arguments the wrong way round.
  .text
  .global tenth
  .type tenth, %function
  .balign 4
tenth:
  add x0, x0, x1
  add x0, x0, x2
  add x0, x0, x3
  add x0, x0, x4
  add x0, x0, x5
  add x0, x0, x6
  add x0, x0, x7
  ldr x9, [sp, #8]
  ldr x10, [sp]
  add x0, x0, x9
  sub x0, x0, x10
  ret
  .size tenth, . - tenth
