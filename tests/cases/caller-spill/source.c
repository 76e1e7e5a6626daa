// SPDX-License-Identifier: Apache-2.0
// A callee may write through any pointer that it was given, but never into the caller's spilled registers.
unsigned long fill(unsigned long *p);
unsigned long around(unsigned long x) {
  unsigned long local[2] = {x, x};
  unsigned long r = fill(local);
  return r + local[1] + x;
}
