// SPDX-License-Identifier: Apache-2.0
// A callee whose machine code stores through SP alone writes no visible memory only while it stays below its entry SP:
// above are its caller's locals.
void publish(unsigned *);
__attribute__((noinline)) unsigned next(unsigned a) { return a + 1; }
unsigned keep(unsigned a) {
  unsigned x = a;
  publish(&x);
  return next(a) + x;
}
