// SPDX-License-Identifier: Apache-2.0
// A const object lies where nothing can write: only then its value is a constant of the machine code, too.
extern const unsigned table[4];
const unsigned table[4] = {1, 10, 100, 1000};
unsigned at(unsigned i) { return table[i & 3]; }
