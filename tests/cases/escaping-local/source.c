// SPDX-License-Identifier: Apache-2.0
// A local whose address escapes is memory that the callee may change.
unsigned use(unsigned *p);
unsigned escaping(void) {
  unsigned a = 1;
  use(&a);
  return a;
}
