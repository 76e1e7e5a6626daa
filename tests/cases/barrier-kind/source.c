// SPDX-License-Identifier: Apache-2.0
// Barriers are events with their domain and kind.
void flush(unsigned long address) {
  __asm__ volatile("dc cvau, %0\n\tdsb ish\n\tic ivau, %0\n\tdsb ish\n\tisb" ::"r"(address) : "memory");
}
