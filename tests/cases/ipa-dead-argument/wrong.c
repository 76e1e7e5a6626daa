// SPDX-License-Identifier: Apache-2.0
// A used argument is another.
unsigned world(unsigned);
static __attribute__((noinline)) unsigned part(unsigned x, unsigned unused, unsigned y) { return world(x) + y; }
unsigned first_user(unsigned x) { return part(x, 17, 2) * 3; }
unsigned second_user(unsigned x) { return part(x + 1, 18, x) ^ 5; }
