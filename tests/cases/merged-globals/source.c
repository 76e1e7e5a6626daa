// SPDX-License-Identifier: Apache-2.0
// Neighbouring globals are reached from one base address (clang -O2 and -Os merge local ones to one object).
static unsigned first, second, third;
void set_all(unsigned x) {
  first = x;
  second = x + 1;
  third = x + 2;
}
unsigned sum_all(void) { return first + second * 2 + third * 3; }
