// SPDX-License-Identifier: Apache-2.0
// The branch comes before x30 is restored: the callee returns into this function.
  .text
  .global tail
  .type tail, %function
  .balign 4
tail:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov x19, x1
  bl before
  mov x1, x0
  mov x0, x19
  ldr x19, [sp, #16]
  ldr x29, [sp], #32
  b target
  .size tail, . - tail
