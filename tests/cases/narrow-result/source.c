// SPDX-License-Identifier: Apache-2.0
// Only the significant bits of a result count; the caller extends it (AAPCS64 6.9).
unsigned char low_byte(unsigned x) { return (unsigned char)(x + 1); }
signed char half(signed char x) { return (signed char)(x >> 1); }
signed char h8(void);
int doubled(void) { return h8() * 2; }
