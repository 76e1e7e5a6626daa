// SPDX-License-Identifier: Apache-2.0
// Widening follows the operand's sign, and the index of an array is signed when its type is.
long widen(int x) { return x; }
unsigned long widen_unsigned(unsigned x) { return x; }
short element(const short *p, int i) { return p[i]; }
