// SPDX-License-Identifier: Apache-2.0
// Counts in the lower half only.
  .text
  .global trailing
  .type trailing, %function
  .balign 4
trailing:
  rbit w0, w0
  clz w0, w0
  ret
  .size trailing, . - trailing
