// SPDX-License-Identifier: Apache-2.0
// The incoming stack arguments belong to the callee: it may use their slots for something else.
unsigned long keep(unsigned long *p);
unsigned long ninth(unsigned long a, unsigned long b, unsigned long c, unsigned long d, unsigned long e, unsigned long f,
                    unsigned long g, unsigned long h, unsigned long i) {
  i += a;
  return keep(&i) + i;
}
