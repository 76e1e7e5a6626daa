// SPDX-License-Identifier: Apache-2.0
// The byte that a big-endian machine would have there.
  .text
  .global second_byte
  .type second_byte, %function
  .balign 4
second_byte:
  ubfx w0, w0, #16, #8
  ret
  .size second_byte, . - second_byte
