// SPDX-License-Identifier: Apache-2.0
// Minimum and maximum, signed and unsigned, are a compare and a select.
int smallest(int a, int b, int c) {
  int m = a < b ? a : b;
  return m < c ? m : c;
}
unsigned long largest(unsigned long a, unsigned long b) { return a > b ? a : b; }
