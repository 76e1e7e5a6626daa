// SPDX-License-Identifier: Apache-2.0
// The last two members are exchanged.
  .text
  .global total
  .type total, %function
  .balign 4
total:
  ldp x1, x2, [x0]
  ldr x3, [x0, #16]
  add x0, x1, x3
  sub x0, x0, x2
  ret
  .size total, . - total
