// SPDX-License-Identifier: Apache-2.0
// Two entries of the table are exchanged.
  .text
  .global dispatch
  .type dispatch, %function
  .balign 4
dispatch:
  stp x29, x30, [sp, #-32]!
  str x19, [sp, #16]
  mov w19, w1
  cmp w0, #17
  b.hi 99f
  adrp x2, 98f
  add x2, x2, :lo12:98f
  ldrb w2, [x2, w0, uxtw]
  adr x3, 97f
  add x2, x3, w2, uxtb #2
  br x2
97:
10:
  mov w0, w19
  bl act
  b 96f
11:
  add w0, w19, #1
  bl act
  b 96f
12:
  add w0, w19, w19, lsl #1
  b 95f
13:
  eor w0, w19, #3
  bl act
  mov w0, #1
  b 95f
14:
  mov w0, #43691
  movk w0, #43690, lsl #16
  umull x0, w19, w0
  lsr x0, x0, #33
  b 95f
15:
  add w0, w19, #5
  bl act
  mov w0, w19
  bl act
  b 96f
16:
  mvn w0, w19
  b 95f
17:
  lsl w0, w19, #2
  bl act
  b 96f
18:
  and w0, w19, #0x3c
  b 95f
19:
  mov w0, #9
  orr w0, w19, w0
  bl act
  b 96f
20:
  sub w0, w19, #10
  b 95f
21:
  lsr w0, w19, #11
  bl act
  mov w0, #2
  b 95f
22:
  mul w0, w19, w19
  b 95f
23:
  sub w0, w19, #13
  bl act
  b 96f
24:
  orr w0, w19, #0x70
  b 95f
25:
  mov w0, #0
  bl act
  b 96f
26:
  lsl w0, w19, #16
  b 95f
27:
  mov w0, #17
  and w0, w19, w0
  bl act
  b 96f
99:
  mov w0, #99
  b 95f
96:
  mov w0, w19
95:
  ldr x19, [sp, #16]
  ldp x29, x30, [sp], #32
  ret
  .size dispatch, . - dispatch
  .section .rodata
98:
  .byte (10b - 97b) / 4, (11b - 97b) / 4, (12b - 97b) / 4, (13b - 97b) / 4, (14b - 97b) / 4, (15b - 97b) / 4
  .byte (16b - 97b) / 4, (17b - 97b) / 4, (18b - 97b) / 4, (19b - 97b) / 4, (20b - 97b) / 4, (21b - 97b) / 4
  .byte (22b - 97b) / 4, (23b - 97b) / 4, (24b - 97b) / 4, (25b - 97b) / 4, (27b - 97b) / 4, (26b - 97b) / 4
