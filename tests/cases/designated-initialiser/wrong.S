// SPDX-License-Identifier: Apache-2.0
// count[0] keeps its old value.
  .text
  .global prepare
  .type prepare, %function
  .balign 4
prepare:
  mov w2, #8
  stp xzr, x1, [x0]
  strh w2, [x0, #18]
  ret
  .size prepare, . - prepare
