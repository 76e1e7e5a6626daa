// SPDX-License-Identifier: Apache-2.0
// A counted loop over memory.
unsigned sum(const unsigned *p, unsigned n) {
  unsigned s = 0;
  for (unsigned i = 0; i < n; i++) s += p[i];
  return s;
}
