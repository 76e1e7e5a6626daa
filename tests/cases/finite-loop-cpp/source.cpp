// SPDX-License-Identifier: Apache-2.0
// C++: any loop without side effects may be assumed to end, also one with a constant condition.
unsigned settle(unsigned n) {
  unsigned i = 0;
  while (i != n) i += 2;
  return 7;
}
