// SPDX-License-Identifier: Apache-2.0
// Never calls g.
  .text
  .global repeat
  .type repeat, %function
  .balign 4
repeat:
1:
  b 1b
  .size repeat, . - repeat
