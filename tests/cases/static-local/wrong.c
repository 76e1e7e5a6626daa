// SPDX-License-Identifier: Apache-2.0
// Hands out the number after.
unsigned ticket(void) {
  static unsigned next = 100;
  return ++next;
}
