// SPDX-License-Identifier: Apache-2.0
// Two shifts and an or are a rotation, also by a variable amount.
unsigned by_constant(unsigned x) { return x << 13 | x >> 19; }
unsigned by_variable(unsigned x, unsigned n) { return x << (n & 31) | x >> (-n & 31); }
