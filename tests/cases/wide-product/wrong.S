// SPDX-License-Identifier: Apache-2.0
// With sign; and the signed one without.
  .text
  .global high
  .global high_signed
  .type high, %function
  .type high_signed, %function
  .balign 4
high:
  smulh x0, x0, x1
  ret
  .size high, . - high
high_signed:
  umulh x0, x0, x1
  ret
  .size high_signed, . - high_signed
