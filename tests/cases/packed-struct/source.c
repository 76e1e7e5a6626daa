// SPDX-License-Identifier: Apache-2.0
// Members of a packed struct are not aligned; the access may be one instruction or several.
struct __attribute__((packed)) header {
  unsigned char kind;
  unsigned length;
  unsigned short sum;
};
unsigned length_of(const struct header *h) { return h->length + h->sum; }
