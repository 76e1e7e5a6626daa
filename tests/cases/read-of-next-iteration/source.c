// SPDX-License-Identifier: Apache-2.0
// What the next iteration reads may be read early only where there is a next iteration; the join behind the inner loop
// knows nothing of one.
unsigned mix(unsigned *p, unsigned long n, unsigned long m) {
  unsigned s = 0;
  for (unsigned long i = 0; i < n; i++) {
    if (m & i)
      for (unsigned long j = 0; j < m; j++) s = s * 3 + 1;
    s += p[i];
  }
  return s;
}
