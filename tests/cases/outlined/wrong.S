// SPDX-License-Identifier: Apache-2.0
// The shared sequence has a wrong constant.
  .text
  .global show_a
  .type show_a, %function
  .balign 4
show_a:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, w0
  bl 1f
  add w0, w19, #1
  bl 1f
  add w0, w19, #2
  bl 1f
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size show_a, . - show_a
  .type OUTLINED_FUNCTION_9, %function
OUTLINED_FUNCTION_9:
1:
  mov w1, #0x1234
  mov w2, #0x5678
  mov w3, #0x9abd
  b put
  .size OUTLINED_FUNCTION_9, . - OUTLINED_FUNCTION_9
