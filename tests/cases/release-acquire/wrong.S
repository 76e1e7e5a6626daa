// SPDX-License-Identifier: Apache-2.0
// The store is behind the release; the value from before the acquire, or before the callee's, is taken for the one behind it.
  .text
  .global publish
  .type publish, %function
  .balign 4
publish:
  mov w3, #1
  stlr w3, [x1]
  str w2, [x0]
  ret
  .size publish, . - publish

  .global consume
  .type consume, %function
  .balign 4
consume:
  ldr w2, [x1]
  ldar w0, [x0]
  cmp w0, #0
  cinc w0, w2, ne
  ret
  .size consume, . - consume

  .global changed
  .type changed, %function
  .balign 4
changed:
  stp x29, x30, [sp, #-16]!
  bl wait_for
  mov w0, #0
  ldp x29, x30, [sp], #16
  ret
  .size changed, . - changed
