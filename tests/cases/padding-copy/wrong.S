// SPDX-License-Identifier: Apache-2.0
// The member after the padding is not copied.
  .text
  .global copy
  .type copy, %function
  .balign 4
copy:
  ldr w2, [x1]
  str w2, [x0]
  ret
  .size copy, . - copy
