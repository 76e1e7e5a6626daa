// SPDX-License-Identifier: Apache-2.0
// One letter is in capitals.
  .text
  .global letter
  .type letter, %function
  .balign 4
letter:
  adrp x1, 1f
  add x1, x1, :lo12:1f
  and w0, w0, #15
  ldrb w0, [x1, w0, uxtw]
  ret
  .size letter, . - letter
  .section .rodata
1:
  .ascii "0123456789abcDef"
