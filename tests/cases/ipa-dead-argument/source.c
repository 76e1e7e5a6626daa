// SPDX-License-Identifier: Apache-2.0
// An argument that a local function does not use is not set by its callers (clang); its interface is rewritten in place.
unsigned world(unsigned);
static __attribute__((noinline)) unsigned part(unsigned x, unsigned unused, unsigned y) { return world(x) + y; }
unsigned first_user(unsigned x) { return part(x, 17, 1) * 3; }
unsigned second_user(unsigned x) { return part(x + 1, 18, x) ^ 5; }
