// SPDX-License-Identifier: Apache-2.0
// clz and ctz have instructions; a count of ones has none without vector registers.
unsigned leading(unsigned x) { return x ? (unsigned)__builtin_clz(x) : 32; }
unsigned trailing(unsigned long x) { return (unsigned)__builtin_ctzl(x); }
