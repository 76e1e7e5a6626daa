// SPDX-License-Identifier: Apache-2.0
// The base moves after the store instead of before.
  .text
  .global push
  .type push, %function
  .balign 4
push:
  stp x2, x1, [x0], #-16
  ret
  .size push, . - push
