// SPDX-License-Identifier: Apache-2.0
// The bound is one too large: the fourth entry is whatever follows.
  .text
  .global operate
  .type operate, %function
  .balign 4
operate:
  cmp w0, #2
  b.hi 1f
  adrp x2, 2f
  add x2, x2, :lo12:2f
  ldr x2, [x2, w0, uxtw #3]
  mov w0, w1
  br x2
1:
  mov w0, #0
  ret
  .size operate, . - operate
  .section .rodata
  .balign 8
2:
  .quad op_add, op_neg, op_sub
