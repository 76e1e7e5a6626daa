// SPDX-License-Identifier: Apache-2.0
// gcc's -fipa-ra keeps a value in a caller-saved register over the call of a local function that leaves it alone.
unsigned long word;
static __attribute__((noinline)) unsigned long mix(unsigned long x) { return (x ^ word) * 0x9e3779b97f4a7c15; }
unsigned long hash(unsigned long x, unsigned long y) { return mix(x) + y + (mix(y) ^ x); }
