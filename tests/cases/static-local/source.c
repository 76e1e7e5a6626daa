// SPDX-License-Identifier: Apache-2.0
// A static local is an object of the image with a constant initialiser; it keeps its value between calls.
unsigned ticket(void) {
  static unsigned next = 100;
  return next++;
}
