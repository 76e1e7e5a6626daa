// SPDX-License-Identifier: Apache-2.0
// A function that only its compiler sees may have an interface of the compiler's own: what refutes it is a run of a caller.
static __attribute__((noinline)) unsigned scaled(const unsigned *p, unsigned n) { return p[0] * 3 + p[1] % n; }
static __attribute__((noinline)) unsigned twice(const unsigned *p, unsigned n) { return scaled(p, n) ^ scaled(p + 1, n + 1); }
unsigned near(const unsigned *p) { return twice(p, 7); }
unsigned far(const unsigned *p, unsigned n) { return twice(p + 2, n | 1); }
