// SPDX-License-Identifier: Apache-2.0
// One barrier is for stores only.
  .text
  .global flush
  .type flush, %function
  .balign 4
flush:
  dc cvau, x0
  dsb ish
  ic ivau, x0
  dsb ishst
  isb
  ret
  .size flush, . - flush
