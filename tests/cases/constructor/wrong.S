// SPDX-License-Identifier: Apache-2.0
// The default of the third member is forgotten.
  .text
  .global _ZN6RegionC2Emj
  .type _ZN6RegionC2Emj, %function
  .balign 4
_ZN6RegionC2Emj:
  mov x3, #1
  lsl x2, x3, x2
  stp x1, x2, [x0]
  ret
  .size _ZN6RegionC2Emj, . - _ZN6RegionC2Emj
