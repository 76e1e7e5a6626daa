// SPDX-License-Identifier: Apache-2.0
// Saturates on a sum of exactly the maximum less one carry: `hi` instead of `cs`.
  .text
  .global add_sat
  .type add_sat, %function
  .balign 4
add_sat:
  adds w0, w0, w1
  csinv w0, w0, wzr, ls
  ret
  .size add_sat, . - add_sat
