// SPDX-License-Identifier: Apache-2.0
// The frame is made only on the path that needs it.
unsigned slow(unsigned);
unsigned cached(unsigned x, const unsigned *cache) {
  if (cache[0] == x) return cache[1];
  const unsigned answer = slow(x);
  return answer + cache[2];
}
