// SPDX-License-Identifier: Apache-2.0
// Saturation by comparison becomes a conditional select on the carry.
unsigned add_sat(unsigned a, unsigned b) {
  unsigned s = a + b;
  return s < a ? ~0u : s;
}
unsigned sub_sat(unsigned a, unsigned b) { return a > b ? a - b : 0; }
