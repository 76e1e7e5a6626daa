// SPDX-License-Identifier: Apache-2.0
// What kernels write by hand. Both assemblers read this file.
  .arch armv8.3-a
  .text
barriers:
  .irp option, sy, st, ld, ish, ishst, ishld, nsh, nshst, nshld, osh, oshst, oshld
  dsb \option
  dmb \option
  .endr
  isb
  isb sy
  dsb #0
  dsb #4
  clrex
  clrex #3
hints:
  nop
  yield
  wfe
  wfi
  sev
  sevl
  hint #6
  hint #16
  hint #17
  hint #18
  hint #20
  hint #32
  hint #34
  hint #36
  hint #38
  hint #63
  .irp number, 7, 8, 10, 12, 14, 24, 25, 26, 27, 28, 29, 30, 31, 40
  hint #\number
  .endr
exceptions:
  svc #0
  svc #0x1234
  hvc #1
  smc #0xffff
  brk #0
  brk #0xf000
  hlt #2
  udf #0
  dcps1
  dcps2 #1
  dcps3 #0xffff
  drps
  udf #0xffff
  eret
pstate:
  msr daifset, #15
  msr daifclr, #2
  msr spsel, #0
  msr spsel, #1
  msr pan, #1
  mrs x0, daif
  msr daif, x1
  mrs x2, nzcv
  msr nzcv, x3
  mrs x4, currentel
  mrs x5, spsel
  mrs x6, fpcr
  msr fpcr, x7
  mrs x8, fpsr
  msr fpsr, x9
  mrs x10, s3_0_c15_c2_1
  msr s3_3_c11_c0_7, x11
operations:
  .irp name, ivac, isw, csw, cisw, zva, cvac, cvau, civac
  dc \name, x1
  .endr
  ic iallu
  ic ialluis
  ic ivau, x2
  .irp name, s1e1r, s1e1w, s1e0r, s1e0w, s1e2r, s1e2w, s12e1r, s12e1w, s12e0r, s12e0w, s1e3r, s1e3w
  at \name, x3
  .endr
  .irp name, vmalle1, vmalle1is, alle1, alle1is, alle2, alle2is, alle3, alle3is, vmalls12e1, vmalls12e1is
  tlbi \name
  .endr
  .irp name, vae1, vae1is, aside1, aside1is, vaae1, vaae1is, vale1, vale1is, vaale1, vaale1is, vae2, vae2is, vale2, vale2is, vae3, vae3is, vale3, vale3is, ipas2e1, ipas2e1is, ipas2le1, ipas2le1is
  tlbi \name, x4
  .endr
  sys #3, c15, c1, #2, x5
  sysl x6, #3, c15, c1, #2
exclusives:
  .irp order, , a
  ld\order\()xrb w0, [x1]
  ld\order\()xrh w2, [sp]
  ld\order\()xr w3, [x4]
  ld\order\()xr x5, [x6]
  ld\order\()xp w7, w8, [x9]
  ld\order\()xp x10, x11, [x12]
  .endr
  .irp order, , l
  st\order\()xrb w13, w0, [x1]
  st\order\()xrh w13, w2, [sp]
  st\order\()xr w13, w3, [x4]
  st\order\()xr w13, x5, [x6]
  st\order\()xp w13, w7, w8, [x9]
  st\order\()xp wzr, x10, x11, [x12]
  st\order\()xp w14, xzr, x10, [sp]
  .endr
  .irp size, b, h
  ldar\size w0, [x1]
  stlr\size w2, [sp]
  ldapr\size w3, [x4]
  .endr
  .arch_extension lor
  .irp size, b, h
  ldlar\size w0, [x1]
  stllr\size w2, [sp]
  .endr
  ldlar w0, [x1]
  ldlar x2, [x3]
  stllr w4, [x5]
  stllr xzr, [sp]
  ldar w0, [x1]
  ldar x2, [x3]
  stlr w4, [x5]
  stlr xzr, [x6]
  ldapr w7, [x8]
  ldapr x9, [sp]
unprivileged:
  .irp name, ldtrb, ldtrh, ldtrsb, ldtrsh, ldtr, sttrb, sttrh, sttr
  \name w0, [x1]
  \name w2, [sp, #-256]
  .endr
  .irp name, ldtrsb, ldtrsh, ldtrsw, ldtr, sttr
  \name x3, [x4, #255]
  .endr
prefetches:
  .irp type, pld, pli, pst
  .irp level, l1, l2, l3
  .irp policy, keep, strm
  prfm \type\level\policy, [x0]
  prfm \type\level\policy, [x1, #32760]
  prfum \type\level\policy, [x2, #-256]
  prfm \type\level\policy, [x3, x4]
  prfm \type\level\policy, [x5, w6, sxtw #3]
  prfm \type\level\policy, prefetches
  .endr
  .endr
  .endr
  prfm #6, [x7]
  prfm #31, [sp]
vectors:
  .irp n, 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28
  stp q\n, q30, [x0, #(\n * 16)]
  ldp q\n, q31, [x0, #(\n * 16)]
  .endr
  stp q0, q1, [x0], #32
  ldp q2, q3, [x0, #-32]!
  stp d8, d9, [sp, #-16]!
  ldp d10, d11, [sp], #16
  stnp q4, q5, [x1, #-1024]
  ldnp d6, d7, [x2, #504]
  ldp s0, s1, [x3]
  str q0, [x4, #65520]
  ldr q1, [x5, x6, lsl #4]
  str d2, [x7], #8
  ldr d3, [x8, #-8]!
  stur q4, [x9, #-1]
  ldur s5, [x10, #255]
  ldr h6, [x11, w12, uxtw #1]
  str b7, [x13, #4095]
  ldr q8, exclusives
  ldr d9, vectors
branches:
  b branches
  bl barriers
  br x0
  blr x1
  ret
  ret x2
  .irp condition, eq, ne, hs, lo, mi, pl, vs, vc, hi, ls, ge, lt, gt, le, al, nv
  b.\condition branches
  csel x0, x1, x2, \condition
  csinc w3, w4, w5, \condition
  ccmp x6, #7, #8, \condition
  ccmn w9, w10, #11, \condition
  .endr
  cbz w0, branches
  cbnz x1, branches
  tbz x2, #63, branches
  tbnz w3, #0, branches
  adr x4, branches
  adrp x5, branches
  ldr x6, branches
  ldrsw x7, branches
  .arch armv8.1-a
lse:
#define WIDTHS(name) name##b w0, w1, [x2]; name##h w3, wzr, [x4]; name w5, w6, [sp]; name x7, x8, [x9];
#define ORDERS(name) WIDTHS(name) WIDTHS(name##a) WIDTHS(name##l) WIDTHS(name##al)
  ORDERS(swp) ORDERS(ldadd) ORDERS(ldclr) ORDERS(ldeor) ORDERS(ldset) ORDERS(ldsmax) ORDERS(ldsmin) ORDERS(ldumax) ORDERS(ldumin)
  .irp order, , a, l, al
  cas\order\()b w0, w1, [x2]
  cas\order\()h w3, w4, [x5]
  cas\order w6, w7, [x8]
  cas\order x9, x10, [sp]
  casp\order w0, w1, w2, w3, [x4]
  casp\order x6, x7, x8, x9, [x10]
  .endr
  .irp name, add, clr, eor, set, smax, smin, umax, umin
  st\name\()b w0, [x1]
  st\name\()lh w2, [x3]
  st\name x4, [x5]
  st\name\()l w6, [x7]
  .endr
