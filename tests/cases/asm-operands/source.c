// SPDX-License-Identifier: Apache-2.0
// Inline assembly with operands is assembled and lifted like any other code.
unsigned long counter(void) {
  unsigned long t;
  __asm__ volatile("mrs %0, cntvct_el0" : "=r"(t));
  return t + 1;
}
unsigned long merge(unsigned long x, unsigned long y) {
  __asm__ volatile("bfi %0, %1, #8, #16" : "+r"(x) : "r"(y));
  return x;
}
