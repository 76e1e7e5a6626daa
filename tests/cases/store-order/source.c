// SPDX-License-Identifier: Apache-2.0
// Plain stores may change places between two events: only memory at the events is compared.
void fill(unsigned long *p, unsigned long x) {
  p[0] = x;
  p[3] = x + 3;
  p[1] = x + 1;
  p[2] = x + 2;
}
