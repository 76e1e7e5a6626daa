// SPDX-License-Identifier: Apache-2.0
// Cut off instead of compared.
  .text
  .global any
  .type any, %function
  .balign 4
any:
  ubfx w0, w0, #8, #1
  ret
  .size any, . - any
