// SPDX-License-Identifier: Apache-2.0
// The signed instance compares without sign.
  .text
  .global _Z7clampedIiET_S0_S0_S0_
  .type _Z7clampedIiET_S0_S0_S0_, %function
  .balign 4
_Z7clampedIiET_S0_S0_S0_:
  cmp w0, w2
  csel w2, w0, w2, ls
  cmp w0, w1
  csel w0, w1, w2, lt
  ret
  .size _Z7clampedIiET_S0_S0_S0_, . - _Z7clampedIiET_S0_S0_S0_
