// SPDX-License-Identifier: Apache-2.0
// The body of memmove: the direction depends on the addresses.
void *memmove(void *to, const void *from, unsigned long bytes) {
  unsigned char *d = to;
  const unsigned char *s = from;
  if ((unsigned long)d < (unsigned long)s) {
    for (unsigned long i = 0; i < bytes; i++) d[i] = s[i];
  } else {
    for (unsigned long i = bytes; i != 0; i--) d[i - 1] = s[i - 1];
  }
  return to;
}
