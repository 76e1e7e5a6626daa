// SPDX-License-Identifier: Apache-2.0
// As if the struct were not packed.
  .text
  .global length_of
  .type length_of, %function
  .balign 4
length_of:
  ldr w1, [x0, #4]
  ldrh w0, [x0, #8]
  add w0, w0, w1
  ret
  .size length_of, . - length_of
