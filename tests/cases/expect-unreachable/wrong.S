// SPDX-License-Identifier: Apache-2.0
// 2 is possible.
  .text
  .global kind_weight
  .type kind_weight, %function
  .balign 4
kind_weight:
  mov w1, #10
  mov w2, #20
  cmp w0, #0
  csel w0, w1, w2, eq
  ret
  .size kind_weight, . - kind_weight
