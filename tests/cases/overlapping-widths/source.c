// SPDX-License-Identifier: Apache-2.0
// A narrow store into a wide object, and a wide load of what was stored narrow.
unsigned long patch(unsigned long *p, unsigned char x) {
  ((unsigned char *)p)[3] = x;
  return *p;
}
