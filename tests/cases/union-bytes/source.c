// SPDX-License-Identifier: Apache-2.0
// A union shows the bytes of one member through another, little-endian.
union word {
  unsigned whole;
  unsigned char bytes[4];
  unsigned short halves[2];
};
unsigned second_byte(unsigned x) {
  union word w;
  w.whole = x;
  return w.bytes[1];
}
unsigned replace_half(unsigned x, unsigned short h) {
  union word w;
  w.whole = x;
  w.halves[1] = h;
  return w.whole;
}
