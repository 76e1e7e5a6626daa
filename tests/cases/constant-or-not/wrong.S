// SPDX-License-Identifier: Apache-2.0
// Neither of the two answers.
  .text
  .global open
  .type open, %function
  .balign 4
open:
  add w0, w0, #3
  ret
  .size open, . - open
