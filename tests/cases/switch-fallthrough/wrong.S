// SPDX-License-Identifier: Apache-2.0
// Case 0 breaks.
  .text
  .global stages
  .type stages, %function
  .balign 4
stages:
  cmp w0, #1
  b.eq 1f
  b.lo 2f
  cmp w0, #3
  b.eq 3f
  b.hi 4f
  mov w2, #9
  eor w1, w1, w2
3:
  sub w1, w1, #7
4:
  lsl w0, w1, #1
  ret
2:
  add w0, w1, #3
  ret
1:
  add w0, w1, w1, lsl #2
  ret
  .size stages, . - stages
