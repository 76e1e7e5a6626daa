// SPDX-License-Identifier: Apache-2.0
// A volatile access of an ordinary object also reads memory.
unsigned x;
unsigned reread(void) {
  x = 1;
  return *(volatile unsigned *)&x;
}
