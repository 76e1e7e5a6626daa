// SPDX-License-Identifier: Apache-2.0
// 128-bit sums go through the carry flag.
unsigned __int128 sum(unsigned __int128 a, unsigned __int128 b) { return a + b; }
