// SPDX-License-Identifier: Apache-2.0
// A function that is undefined for every input: nothing can be claimed, and nothing is.
unsigned broken(void) {
  unsigned *p = 0;
  return *p;
}
