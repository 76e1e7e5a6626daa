// SPDX-License-Identifier: Apache-2.0
// Counts only the failures.
  .text
  .global wait
  .type wait, %function
  .balign 4
wait:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, #0
1:
  bl ready
  cbnz w0, 2f
  add w19, w19, #1
  b 1b
2:
  mov w0, w19
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size wait, . - wait
