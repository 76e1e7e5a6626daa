// SPDX-License-Identifier: Apache-2.0
// One store goes to the neighbour.
static unsigned first, second, third;
void set_all(unsigned x) {
  first = x;
  third = x + 1;
  second = x + 2;
}
unsigned sum_all(void) { return first + second * 2 + third * 3; }
