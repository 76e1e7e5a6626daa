// SPDX-License-Identifier: Apache-2.0
// The other way round.
  .text
  .global synchronise
  .type synchronise, %function
  .balign 4
synchronise:
  msr contextidr_el1, x0
  isb
  dsb sy
  ret
  .size synchronise, . - synchronise
