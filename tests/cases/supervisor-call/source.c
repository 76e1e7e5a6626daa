// SPDX-License-Identifier: Apache-2.0
// An exception instruction is an event with its number. Registers that are handed over with it stand in no node of the graph, so
// such a statement is refused.
void yield_to(void) { __asm__ volatile("svc #7" ::: "memory"); }
long call(long number, long a) {
  register long x0 __asm__("x0") = a;
  register long x8 __asm__("x8") = number;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8) : "memory");
  return x0;
}
