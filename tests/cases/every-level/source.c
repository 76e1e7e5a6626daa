// SPDX-License-Identifier: Apache-2.0
// The same proof at every level: with spills of everything at -O0, and without any at -O3.
unsigned worth(unsigned);
unsigned best(unsigned a, unsigned b) {
  unsigned x = worth(a), y = worth(b);
  if (x < y) {
    unsigned t = x;
    x = y;
    y = t;
  }
  return x - y;
}
