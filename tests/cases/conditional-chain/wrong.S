// SPDX-License-Identifier: Apache-2.0
// Reads before the bound is tested.
  .text
  .global lookup
  .type lookup, %function
  .balign 4
lookup:
  cbz x0, 1f
  ldr w4, [x0, w2, uxtw #2]
  cmp w2, w1
  b.hs 1f
  cmp w4, w3
  b.ne 1f
  mov w0, w2
  ret
1:
  orr w1, w1, w3
  mvn w0, w2
  cmp w1, #0
  csel w0, w0, wzr, ne
  ret
  .size lookup, . - lookup
