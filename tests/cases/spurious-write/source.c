// SPDX-License-Identifier: Apache-2.0
// A write of the old value is still a write.
void maybe_write(unsigned *p, int c) {
  if (c) *p = 1;
}
