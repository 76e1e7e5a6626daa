// SPDX-License-Identifier: Apache-2.0
// A loop over memory with two exits.
int find(const unsigned char *p, unsigned long n, unsigned char key) {
  for (unsigned long i = 0; i < n; i++) {
    if (p[i] == key) return 1;
  }
  return 0;
}
