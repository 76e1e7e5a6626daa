// SPDX-License-Identifier: Apache-2.0
// A result of more than 16 bytes is written where x8 points (AAPCS64 6.9).
struct triple {
  unsigned long a, b, c;
};
struct triple spread(unsigned long x) {
  struct triple t = {x, x + 1, x ^ 1};
  return t;
}
