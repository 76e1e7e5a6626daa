// SPDX-License-Identifier: Apache-2.0
// Loads and stores that also move their base register.
unsigned long *push(unsigned long *top, unsigned long a, unsigned long b) {
  *--top = a;
  *--top = b;
  return top;
}
