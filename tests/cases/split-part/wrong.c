// SPDX-License-Identifier: Apache-2.0
// The test is the other way round.
unsigned world(unsigned);
extern unsigned enabled;
unsigned enabled;
static __attribute__((noinline)) unsigned guarded(unsigned x) {
  if (enabled) return 0;
  unsigned r = world(x);
  r ^= world(r + 1);
  r += world(r * 3);
  return r ^ world(r);
}
unsigned p_user(unsigned x) { return guarded(x) + 1; }
unsigned q_user(unsigned x) { return guarded(x + 9) + 2; }
