// SPDX-License-Identifier: Apache-2.0
// Arguments from the ninth on are stored where the callee looks for them, each in eight bytes.
unsigned many(unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned, unsigned short, unsigned long);
unsigned forward(unsigned x, unsigned long y) { return many(x, 2, 3, 4, 5, 6, 7, 8, (unsigned short)x, y) + 1; }
