// SPDX-License-Identifier: Apache-2.0
// Without "memory" a load may stay above a system register write, and need not be repeated behind it.
unsigned long setting;
unsigned long switch_to(unsigned long t) {
  unsigned long a = setting;
  __asm__ volatile("msr tpidr_el1, %0" ::"r"(t));
  return a + setting;
}
