// SPDX-License-Identifier: Apache-2.0
// All callers pass the same constant: the copy (`.constprop`) or the rewritten function does without the argument.
unsigned world(unsigned);
static __attribute__((noinline)) unsigned scaled(unsigned x, unsigned by) {
  unsigned r = world(x);
  return by == 0 ? r : r * by + world(r);
}
unsigned a_user(unsigned x) { return scaled(x, 12) + 1; }
unsigned b_user(unsigned x) { return scaled(x * 2, 12) + 2; }
