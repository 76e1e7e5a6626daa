// SPDX-License-Identifier: Apache-2.0
// The low half of the 64-bit object is read alone.
  .text
  .global copy_all
  .type copy_all, %function
  .balign 4
copy_all:
  adrp x0, v8
  adrp x1, v16
  adrp x2, v32
  adrp x3, v64
  ldrb w4, [x0, :lo12:v8]
  str x4, [x3, :lo12:v64]
  ldrh w4, [x1, :lo12:v16]
  strb w4, [x0, :lo12:v8]
  ldr w4, [x2, :lo12:v32]
  strh w4, [x1, :lo12:v16]
  ldr w4, [x3, :lo12:v64]
  str w4, [x2, :lo12:v32]
  ret
  .size copy_all, . - copy_all
