// SPDX-License-Identifier: Apache-2.0
// A product of the counter becomes a running sum.
void mark(unsigned long address);
void stripes(unsigned long base, unsigned n) {
  for (unsigned i = 0; i < n; i++) mark(base + 24ul * i);
}
