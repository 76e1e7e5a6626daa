// SPDX-License-Identifier: Apache-2.0
// `eret` leaves the function for good; what the registers hold then is part of the behaviour.
_Noreturn void leave(unsigned long pc, unsigned long state) {
  __asm__ volatile("msr elr_el1, %0\n\tmsr spsr_el1, %1\n\teret" ::"r"(pc), "r"(state) : "memory");
  __builtin_unreachable();
}
