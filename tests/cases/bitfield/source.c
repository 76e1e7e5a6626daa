// SPDX-License-Identifier: Apache-2.0
// A bit-field store keeps its neighbours.
struct flags {
  unsigned low : 3, middle : 7, high : 22;
};
void set_middle(struct flags *f, unsigned v) { f->middle = v; }
