// SPDX-License-Identifier: Apache-2.0
// Starts from one.
  .text
  .global run
  .type run, %function
  .balign 4
run:
  stp x29, x30, [sp, #-32]!
  mov w19, #1
1:
  mov w0, w19
  bl tick
  add w19, w19, #1
  b 1b
  .size run, . - run
