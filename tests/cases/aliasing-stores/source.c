// SPDX-License-Identifier: Apache-2.0
// Two pointers may be equal: a load behind a store must see it.
unsigned both(unsigned *a, unsigned *b, unsigned x) {
  *a = x;
  *b = x + 1;
  return *a;
}
