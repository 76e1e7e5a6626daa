// SPDX-License-Identifier: Apache-2.0
// Only the significant bits of an argument count: both compilers make a bare branch.
void g8(unsigned char x);
void pass_byte(unsigned x) { g8((unsigned char)x); }
