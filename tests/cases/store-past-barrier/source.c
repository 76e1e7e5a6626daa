// SPDX-License-Identifier: Apache-2.0
// A descriptor must be in memory before the barrier that orders it against the doorbell.
extern unsigned desc;
unsigned desc;
void ring(volatile unsigned *doorbell) {
  desc = 1;
  __asm__ volatile("dsb st" ::: "memory");
  *doorbell = 1;
}
