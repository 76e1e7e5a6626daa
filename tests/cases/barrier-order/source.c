// SPDX-License-Identifier: Apache-2.0
// `isb` behind `dsb` is not `dsb` behind `isb`.
void synchronise(unsigned long ttbr) {
  __asm__ volatile("msr contextidr_el1, %0" ::"r"(ttbr) : "memory");
  __asm__ volatile("dsb sy" ::: "memory");
  __asm__ volatile("isb" ::: "memory");
}
