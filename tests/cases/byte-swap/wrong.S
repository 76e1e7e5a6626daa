// SPDX-License-Identifier: Apache-2.0
// Swaps within halves.
  .text
  .global by_hand
  .type by_hand, %function
  .balign 4
by_hand:
  rev16 w0, w0
  ret
  .size by_hand, . - by_hand
