// SPDX-License-Identifier: Apache-2.0
// The address of a global is made of two instructions; an element's address of three.
extern unsigned counters[64];
unsigned counters[64];
unsigned *slot(unsigned i) { return &counters[i & 63]; }
