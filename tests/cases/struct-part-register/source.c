// SPDX-License-Identifier: Apache-2.0
// A struct of 12 bytes takes one and a half registers; the upper half of the second is not part of it.
struct place {
  unsigned x, y, z;
};
unsigned depth(struct place p) { return p.z; }
struct place moved(struct place p, unsigned by) {
  p.y += by;
  return p;
}
