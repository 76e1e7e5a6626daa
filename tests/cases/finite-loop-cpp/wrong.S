// SPDX-License-Identifier: Apache-2.0
// Another result.
  .text
  .global _Z6settlej
  .type _Z6settlej, %function
  .balign 4
_Z6settlej:
  mov w0, #6
  ret
  .size _Z6settlej, . - _Z6settlej
