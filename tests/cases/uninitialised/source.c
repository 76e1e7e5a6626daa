// SPDX-License-Identifier: Apache-2.0
// An indeterminate value that is only copied is a choice of the compiler's, made once.
void take(unsigned);
void maybe_set(int c) {
  unsigned x;
  if (c) x = 5;
  take(c ? x : 6);
}
