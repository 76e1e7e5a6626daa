// SPDX-License-Identifier: Apache-2.0
// Several ways out that do not return; the rest of the function may assume that they were not taken.
_Noreturn void panic(unsigned why);
unsigned element(const unsigned *p, unsigned n, unsigned i) {
  if (p == 0) panic(1);
  if (i >= n) panic(2);
  return p[i];
}
