// SPDX-License-Identifier: Apache-2.0
// Returns the end.
  .text
  .global memset
  .type memset, %function
  .balign 4
memset:
  add x2, x0, x2
1:
  cmp x0, x2
  b.eq 2f
  strb w1, [x0], #1
  b 1b
2:
  ret
  .size memset, . - memset
