// SPDX-License-Identifier: Apache-2.0
// C, 6.8.5p6: a loop whose controlling expression is no constant, without side effects, may be assumed to end.
unsigned settle(unsigned n) {
  for (unsigned i = 0; i != n; i += 2) {
  }
  return 7;
}
