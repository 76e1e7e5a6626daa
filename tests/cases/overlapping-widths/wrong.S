// SPDX-License-Identifier: Apache-2.0
// The byte is stored at the mirrored place.
  .text
  .global patch
  .type patch, %function
  .balign 4
patch:
  strb w1, [x0, #4]
  ldr x0, [x0]
  ret
  .size patch, . - patch
