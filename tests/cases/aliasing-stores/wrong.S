// SPDX-License-Identifier: Apache-2.0
// Returns what was stored to *a, although the store to *b may have changed it.
  .text
  .global both
  .type both, %function
  .balign 4
both:
  str w2, [x0]
  add w3, w2, #1
  str w3, [x1]
  mov w0, w2
  ret
  .size both, . - both
