// SPDX-License-Identifier: Apache-2.0
  .text
  .global identity
  .type identity, %function
  .balign 4
identity:
  adrp x1, fifo
  ldr w1, [x1, :lo12:fifo]
  ret
  .size identity, . - identity
  .global either
  .type either, %function
either:
  adrp x1, plain
  ldr w1, [x1, :lo12:plain]
  cmp w0, #0
  csel w0, w1, wzr, ne
  ret
  .size either, . - either
