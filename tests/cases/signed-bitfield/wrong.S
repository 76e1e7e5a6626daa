// SPDX-License-Identifier: Apache-2.0
// Extracted without sign.
  .text
  .global middle_of
  .type middle_of, %function
  .balign 4
middle_of:
  ldrh w0, [x0]
  ubfx w0, w0, #5, #11
  ret
  .size middle_of, . - middle_of
