// SPDX-License-Identifier: Apache-2.0
// A struct of more than 16 bytes is passed as the address of a copy that belongs to the callee (AAPCS64 6.8.2 B.4).
struct triple {
  unsigned long a, b, c;
};
unsigned long total(struct triple t) { return t.a + t.b - t.c; }
unsigned long total_of_zero(struct triple *p);
unsigned long total_of_zero(struct triple *p) {
  struct triple copy = *p;
  copy.c = 0;
  return total(copy);
}
