// SPDX-License-Identifier: Apache-2.0
// The constant that all callers pass is another.
unsigned world(unsigned);
static __attribute__((noinline)) unsigned scaled(unsigned x, unsigned by) {
  unsigned r = world(x);
  return by == 0 ? r : r * by + world(r);
}
unsigned a_user(unsigned x) { return scaled(x, 13) + 1; }
unsigned b_user(unsigned x) { return scaled(x * 2, 13) + 2; }
