// SPDX-License-Identifier: Apache-2.0
// Returns what it wrote instead of reading it back.
  .text
  .global enable
  .type enable, %function
  .balign 4
enable:
  mrs x1, cpacr_el1
  orr x0, x0, x1
  msr cpacr_el1, x0
  isb
  ret
  .size enable, . - enable
