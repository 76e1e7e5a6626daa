// SPDX-License-Identifier: Apache-2.0
// Locals with disjoint lifetimes may share a stack slot.
unsigned use(unsigned *p);
unsigned in_turn(unsigned x) {
  unsigned r;
  {
    unsigned a[4] = {x};
    r = use(a);
  }
  {
    unsigned b[4] = {r};
    r += use(b);
  }
  return r;
}
