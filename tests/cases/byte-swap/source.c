// SPDX-License-Identifier: Apache-2.0
// Byte order is changed by rev, and recognised from shifts and masks.
unsigned long from_network(unsigned long x) { return __builtin_bswap64(x); }
unsigned by_hand(unsigned x) { return x >> 24 | (x >> 8 & 0xff00) | (x << 8 & 0xff0000) | x << 24; }
unsigned short halves(unsigned short x) { return __builtin_bswap16(x); }
