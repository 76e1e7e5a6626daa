// SPDX-License-Identifier: Apache-2.0
// Scaled for bytes.
  .text
  .global slot
  .type slot, %function
  .balign 4
slot:
  adrp x1, counters
  add x1, x1, :lo12:counters
  and w0, w0, #63
  add x0, x1, w0, uxtw
  ret
  .size slot, . - slot
