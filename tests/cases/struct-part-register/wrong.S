// SPDX-License-Identifier: Apache-2.0
// The sum carries nowhere, but it stands in the wrong member.
  .text
  .global moved
  .type moved, %function
  .balign 4
moved:
  add w0, w0, w2
  ret
  .size moved, . - moved
