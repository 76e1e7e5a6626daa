// SPDX-License-Identifier: Apache-2.0
// "memory" makes an assembly statement a point where memory is compared; without it, it is none.
extern unsigned state;
unsigned state;
void publish(unsigned x) {
  state = x;
  __asm__ volatile("sev" ::: "memory");
  state = x + 1;
}
