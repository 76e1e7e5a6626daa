// SPDX-License-Identifier: Apache-2.0
// The root task begins with the address of its boot information in x0 and no stack.
        .section .text.head, "ax"
        .global _start
_start:
        adrp    x9, stack_top
        add     sp, x9, :lo12:stack_top
        bl      root_task
1:      b       1b

        .bss
        .balign 16
        .space  32768
stack_top:
