// SPDX-License-Identifier: Apache-2.0
// Behind the inner loop p[i + 1] is read, too: in the last iteration there is no such element.
  .text
  .global mix
  .type mix, %function
  .balign 4
mix:
  mov w5, #0
  mov x3, #0
1:
  cmp x3, x1
  b.hs 9f
  and x6, x2, x3
  cbz x6, 4f
  mov x4, #0
2:
  cmp x4, x2
  b.hs 3f
  add w5, w5, w5, lsl #1
  add w5, w5, #1
  add x4, x4, #1
  b 2b
3:
  add x7, x3, #1
  ldr w8, [x0, x7, lsl #2]
4:
  ldr w7, [x0, x3, lsl #2]
  add w5, w5, w7
  add x3, x3, #1
  b 1b
9:
  mov w0, w5
  ret
  .size mix, . - mix
