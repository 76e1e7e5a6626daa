// SPDX-License-Identifier: Apache-2.0
// The body of memcpy itself, word by word and then byte by byte.
void *memcpy(void *restrict to, const void *restrict from, unsigned long bytes) {
  unsigned char *d = to;
  const unsigned char *s = from;
  for (; bytes != 0; bytes--) *d++ = *s++;
  return to;
}
