// SPDX-License-Identifier: Apache-2.0
// The body of memset itself: a compiler must not turn it into a call of memset.
void *memset(void *to, int value, unsigned long bytes) {
  unsigned char *p = to;
  while (bytes-- != 0) *p++ = (unsigned char)value;
  return to;
}
