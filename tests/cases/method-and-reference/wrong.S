// SPDX-License-Identifier: Apache-2.0
// Adds to the wrong object.
  .text
  .global _ZNK7Counter6add_toERj
  .type _ZNK7Counter6add_toERj, %function
  .balign 4
_ZNK7Counter6add_toERj:
  ldr w2, [x0]
  ldr w3, [x1]
  add w2, w2, w3
  str w2, [x0]
  ret
  .size _ZNK7Counter6add_toERj, . - _ZNK7Counter6add_toERj
