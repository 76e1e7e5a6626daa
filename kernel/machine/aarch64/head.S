// SPDX-License-Identifier: Apache-2.0
        .section .text.head, "ax"
        .global _start
_start:
        b       .
