// SPDX-License-Identifier: Apache-2.0
// Rounds down.
  .text
  .global eighth
  .type eighth, %function
  .balign 4
eighth:
  asr w0, w0, #3
  ret
  .size eighth, . - eighth
