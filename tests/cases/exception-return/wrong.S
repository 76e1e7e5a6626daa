// SPDX-License-Identifier: Apache-2.0
// The two values are exchanged.
  .text
  .global leave
  .type leave, %function
  .balign 4
leave:
  msr elr_el1, x1
  msr spsr_el1, x0
  eret
  .size leave, . - leave
