// SPDX-License-Identifier: Apache-2.0
// One more read.
  .text
  .global send
  .type send, %function
  .balign 4
send:
  mov w3, #20001
1:
  ldr w4, [x0]
  tbz w4, #5, 2f
  subs w3, w3, #1
  b.ne 1b
  mov w0, #0
  ret
2:
  str w2, [x1]
  mov w0, #1
  ret
  .size send, . - send
