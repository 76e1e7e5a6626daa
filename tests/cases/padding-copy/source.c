// SPDX-License-Identifier: Apache-2.0
// Padding is unspecified: a compiler may copy it or leave it.
struct padded {
  char c;
  int i;
};
void copy(struct padded *d, const struct padded *s) { *d = *s; }
