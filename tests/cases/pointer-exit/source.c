// SPDX-License-Identifier: Apache-2.0
// The end test compares pointers (`p != end`), which is right only because the source would be undefined else.
unsigned word_at(const unsigned *p);
unsigned all_of(const unsigned *p, int n) {
  unsigned x = 0;
  for (int i = 0; i < n; i++) x ^= word_at(p + i);
  return x;
}
