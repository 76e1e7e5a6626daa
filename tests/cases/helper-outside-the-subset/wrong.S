// SPDX-License-Identifier: Apache-2.0
// Two instead of one.
  .text
  .global without
  .type without, %function
  .balign 4
without:
  add w0, w0, #2
  ret
  .size without, . - without
