// SPDX-License-Identifier: Apache-2.0
// The store below the volatile load.
  .text
  .global reread
  .type reread, %function
  .balign 4
reread:
  adrp x1, x
  mov w2, #1
  ldr w0, [x1, :lo12:x]
  str w2, [x1, :lo12:x]
  ret
  .size reread, . - reread
