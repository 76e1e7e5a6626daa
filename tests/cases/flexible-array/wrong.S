// SPDX-License-Identifier: Apache-2.0
// The word behind.
  .text
  .global last_word
  .type last_word, %function
  .balign 4
last_word:
  ldrh w1, [x0]
  add x0, x0, #4
  ldr w0, [x0, w1, uxtw #2]
  ret
  .size last_word, . - last_word
