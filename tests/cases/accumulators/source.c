// SPDX-License-Identifier: Apache-2.0
// Two sums that run beside each other through one loop.
unsigned next(void);
unsigned long totals(unsigned n) {
  unsigned sum = 0, alternating = 0;
  while (n != 0) {
    unsigned x = next();
    sum += x;
    alternating = x - alternating;
    n--;
  }
  return (unsigned long)sum << 32 | alternating;
}
