// SPDX-License-Identifier: Apache-2.0
// Counts the links instead of the nodes.
  .text
  .global length
  .type length, %function
  .balign 4
length:
  mov w1, #0
  cbz x0, 2f
1:
  ldr x0, [x0]
  cbz x0, 2f
  add w1, w1, #1
  b 1b
2:
  mov w0, w1
  ret
  .size length, . - length
