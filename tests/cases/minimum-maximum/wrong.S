// SPDX-License-Identifier: Apache-2.0
// Signed instead of unsigned.
  .text
  .global largest
  .type largest, %function
  .balign 4
largest:
  cmp x0, x1
  csel x0, x0, x1, gt
  ret
  .size largest, . - largest
