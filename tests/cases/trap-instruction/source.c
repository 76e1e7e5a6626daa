// SPDX-License-Identifier: Apache-2.0
// A breakpoint instruction is behaviour: it is right only where the source is undefined.
unsigned checked_add(unsigned a, unsigned b) {
  unsigned s;
  if (__builtin_add_overflow(a, b, &s)) __builtin_unreachable();
  return s;
}
