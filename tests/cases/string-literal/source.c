// SPDX-License-Identifier: Apache-2.0
// A string literal lies anywhere in read-only memory, equal ones may be one.
const char *name(unsigned which) { return which ? "idle" : "running"; }
unsigned char letter(unsigned i) { return (unsigned char)"0123456789abcdef"[i & 15]; }
