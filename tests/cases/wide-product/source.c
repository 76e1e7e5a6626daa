// SPDX-License-Identifier: Apache-2.0
// The high half of a 128-bit product.
unsigned long high(unsigned long a, unsigned long b) { return (unsigned long)((unsigned __int128)a * b >> 64); }
long high_signed(long a, long b) { return (long)((__int128)a * b >> 64); }
