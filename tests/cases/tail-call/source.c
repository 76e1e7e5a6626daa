// SPDX-License-Identifier: Apache-2.0
// A call in the last place becomes a branch: the frame is gone, and the callee returns to the caller.
unsigned long target(unsigned long x, unsigned long y);
unsigned long before(unsigned long x);
unsigned long tail(unsigned long x, unsigned long y) {
  unsigned long z = before(x);
  return target(y, z);
}
