// SPDX-License-Identifier: Apache-2.0
// The choice may not reach where the value is set.
  .text
  .global maybe_set
  .type maybe_set, %function
  .balign 4
maybe_set:
  mov w0, #6
  b take
  .size maybe_set, . - maybe_set
