// SPDX-License-Identifier: Apache-2.0
// Volatile accesses keep their order, though no value depends on it.
void start(volatile unsigned *control, volatile unsigned *data, unsigned x) {
  *data = x;
  *control = 1;
}
