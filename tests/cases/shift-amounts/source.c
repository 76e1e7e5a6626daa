// SPDX-License-Identifier: Apache-2.0
// Shifts by a variable: too large an amount is undefined, so the machine's modulo is as good as anything.
unsigned left(unsigned x, unsigned n) { return x << n; }
long arithmetic(long x, unsigned n) { return x >> n; }
unsigned char narrow(unsigned char x, unsigned n) { return (unsigned char)(x >> (n & 7)); }
