// SPDX-License-Identifier: Apache-2.0
// The function reads a copy that anybody may write.
  .text
  .global at
  .type at, %function
  .balign 4
at:
  adrp x1, 1f
  add x1, x1, :lo12:1f
  and w0, w0, #3
  ldr w0, [x1, w0, uxtw #2]
  ret
  .size at, . - at
  .data
  .balign 4
1:
  .word 1, 10, 100, 1000
