// SPDX-License-Identifier: Apache-2.0
// The two members are exchanged.
  .text
  .global leave
  .type leave, %function
  .balign 4
leave:
  ldr x1, [x0]
  cmp x1, #1
  b.eq 1f
  sub x2, x1, #2
  cmp x2, #1
  b.hi 4f
  mov x2, #8
  b 2f
1:
  mov x2, #16
2:
  ldr x3, [x0, x2]
  cbz x3, 3f
  str xzr, [x3]
3:
  str xzr, [x0, x2]
4:
  ret
  .size leave, . - leave
