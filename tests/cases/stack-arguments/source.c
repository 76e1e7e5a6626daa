// SPDX-License-Identifier: Apache-2.0
// AAPCS64 6.8.2: from the ninth integer argument on they are on the stack.
unsigned long tenth(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e,
                    unsigned long f, unsigned long g, unsigned long h, unsigned long i, unsigned long j) {
  return i - j + a + b + c + d + e + f + g + h;
}
