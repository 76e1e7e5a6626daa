// SPDX-License-Identifier: Apache-2.0
// A loop with a constant trip count has no loop in the code.
unsigned fold(const unsigned char *p) {
  unsigned x = 0;
  for (int i = 0; i < 4; i++) x = x << 8 | p[i];
  return x;
}
