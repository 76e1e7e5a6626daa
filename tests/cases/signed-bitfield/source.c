// SPDX-License-Identifier: Apache-2.0
// A signed bit-field is sign-extended from its own width.
struct signed_fields {
  int low : 5, middle : 11;
  unsigned high : 16;
};
int middle_of(const struct signed_fields *f) { return f->middle; }
