// SPDX-License-Identifier: Apache-2.0
// A local array with constant indices that is passed on.
unsigned digest(const unsigned *words, unsigned count);
unsigned of_three(unsigned a, unsigned b, unsigned c) {
  unsigned words[3] = {a, b};
  words[2] = c ^ words[1];
  return digest(words, 3);
}
