// SPDX-License-Identifier: Apache-2.0
// Reads and writes of system registers keep their order, and `isb` its place.
static inline unsigned long read_sctlr(void) {
  unsigned long x;
  __asm__ volatile("mrs %0, cpacr_el1" : "=r"(x));
  return x;
}
unsigned long enable(unsigned long bits) {
  unsigned long old = read_sctlr();
  __asm__ volatile("msr cpacr_el1, %0\n\tisb" ::"r"(old | bits) : "memory");
  return read_sctlr();
}
