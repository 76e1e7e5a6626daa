// SPDX-License-Identifier: Apache-2.0
// Returns instead of hanging.
  .text
  .global hang
  .type hang, %function
  .balign 4
hang:
  ret
  .size hang, . - hang
