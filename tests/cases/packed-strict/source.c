// SPDX-License-Identifier: Apache-2.0
// With -mstrict-align a packed member is read in pieces that never fault: unaligned accesses trap while the MMU is off.
struct __attribute__((packed)) header {
  unsigned char kind;
  unsigned length;
};
unsigned length_of(const struct header *h) { return h->length; }
void set_length(struct header *h, unsigned n) { h->length = n; }
