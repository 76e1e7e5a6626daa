// SPDX-License-Identifier: Apache-2.0
// Two live locals must not share a stack slot.
void use(unsigned *p, unsigned *q);
unsigned merged(void) {
  unsigned a = 1, b = 2;
  use(&a, &b);
  return a;
}
