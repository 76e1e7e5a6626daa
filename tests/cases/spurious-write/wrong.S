// SPDX-License-Identifier: Apache-2.0
// Load, select, unconditional store.
  .text
  .global maybe_write
  .type maybe_write, %function
  .balign 4
maybe_write:
  ldr w2, [x0]
  cmp w1, #0
  csinc w2, w2, wzr, eq
  str w2, [x0]
  ret
  .size maybe_write, . - maybe_write
