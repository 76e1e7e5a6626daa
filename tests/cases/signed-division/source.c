// SPDX-License-Identifier: Apache-2.0
// Signed division rounds to zero: a shift needs a bias, a magic product needs the sign bit.
int eighth(int x) { return x / 8; }
int seventh(int x) { return x / 7; }
int rest(int x) { return x % 10; }
long quotient(long x, long y) { return x / y; }
