// SPDX-License-Identifier: Apache-2.0
// The two last entries of the table are exchanged.
  .text
  .global weight
  .type weight, %function
  .balign 4
weight:
  add x1, x0, #8
  cmp x1, #7
  b.hi 1f
  adrp x2, 2f
  add x2, x2, :lo12:2f
  ldr w0, [x2, x1, lsl #2]
  ret
1:
  mov w0, #0
  ret
  .size weight, . - weight
  .section .rodata
  .balign 4
2:
  .word 77, 1, 99, 8, 41, 250, 17, 3
