// SPDX-License-Identifier: Apache-2.0
// The last store is lost instead of the first.
  .text
  .global kick
  .type kick, %function
  .balign 4
kick:
  adrp x1, buffer
  mov w2, #1
  str w2, [x0]
  str w2, [x1, :lo12:buffer]
  ret
  .size kick, . - kick
