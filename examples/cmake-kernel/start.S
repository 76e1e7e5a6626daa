// SPDX-License-Identifier: Apache-2.0
// Assembly has no other source: it is assumed, not proved.
        .text
        .globl  _start
        .type   _start, %function
_start:
        bl      greet
1:      wfe
        b       1b
        .size   _start, . - _start
