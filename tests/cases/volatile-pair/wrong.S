// SPDX-License-Identifier: Apache-2.0
// Both in one instruction.
  .text
  .global poll
  .type poll, %function
  .balign 4
poll:
  ldp x1, x2, [x0]
  eor x0, x1, x2
  ret
  .size poll, . - poll
