// SPDX-License-Identifier: Apache-2.0
// 7 to the power of 5 is off by one in one of its two uses.
  .text
  .global _Z6scaledj
  .type _Z6scaledj, %function
  .balign 4
_Z6scaledj:
  mov w1, #16806
  mov w2, #16807
  mul w1, w0, w1
  eor w0, w0, #1
  add w0, w2, w0, lsl #4
  add w0, w0, w1
  ret
  .size _Z6scaledj, . - _Z6scaledj
