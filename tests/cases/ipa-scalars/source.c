// SPDX-License-Identifier: Apache-2.0
// A struct passed by address to a local function becomes its members (`.isra`): loads move to the callers.
unsigned world(unsigned);
struct pair {
  unsigned a, b;
};
static __attribute__((noinline)) unsigned use_pair(const struct pair *p) { return world(p->b) + 3; }
unsigned c_user(struct pair *p) { return use_pair(p) * 2; }
unsigned d_user(struct pair *p) { return use_pair(p + 1) * 5; }
