// SPDX-License-Identifier: Apache-2.0
// In the other direction.
  .text
  .global by_constant
  .type by_constant, %function
  .balign 4
by_constant:
  ror w0, w0, #13
  ret
  .size by_constant, . - by_constant
