// SPDX-License-Identifier: Apache-2.0
// The first byte is not copied.
  .text
  .global memcpy
  .type memcpy, %function
  .balign 4
memcpy:
  cbz x2, 2f
1:
  subs x2, x2, #1
  b.eq 2f
  ldrb w3, [x1, x2]
  strb w3, [x0, x2]
  b 1b
2:
  ret
  .size memcpy, . - memcpy
