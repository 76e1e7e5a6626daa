// SPDX-License-Identifier: Apache-2.0
// x19-x28 belong to the caller (AAPCS64 6.1.1).
unsigned long f1(unsigned long x);
unsigned long twice(unsigned long x, unsigned long y) {
  unsigned long a = f1(x);
  return a + f1(y);
}
