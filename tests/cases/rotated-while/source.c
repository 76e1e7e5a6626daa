// SPDX-License-Identifier: Apache-2.0
// A while loop is rotated: the test stands once in front of the loop, and again at its end.
unsigned peek(unsigned);
unsigned skip(unsigned at) {
  while (peek(at) == 7) at += 3;
  return at;
}
