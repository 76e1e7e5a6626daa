// SPDX-License-Identifier: Apache-2.0
// Any of the rights is enough.
  .text
  .global _Z6allows6RightsS_
  .type _Z6allows6RightsS_, %function
  .balign 4
_Z6allows6RightsS_:
  tst w0, w1
  cset w0, ne
  ret
  .size _Z6allows6RightsS_, . - _Z6allows6RightsS_
