// SPDX-License-Identifier: Apache-2.0
// A function that calls itself is a callee like any other; the stack depth is an assumption (A3).
unsigned left(unsigned), right(unsigned), leaf(unsigned);
unsigned tree(unsigned x) {
  if (x < 2) return leaf(x);
  unsigned a = tree(left(x));
  unsigned b = tree(right(x));
  return a / (b | 1);
}
