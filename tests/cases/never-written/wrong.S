// SPDX-License-Identifier: Apache-2.0
// The bound belongs to the range.
  .text
  .global within
  .type within, %function
  .balign 4
within:
  cmp w0, #25
  cset w0, ls
  ret
  .size within, . - within
