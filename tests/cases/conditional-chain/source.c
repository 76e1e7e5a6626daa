// SPDX-License-Identifier: Apache-2.0
// Short-circuit evaluation: the second operand is evaluated only if the first does not decide.
unsigned lookup(const unsigned *p, unsigned n, unsigned i, unsigned key) {
  return p && i < n && p[i] == key ? i : n || key ? ~i : 0;
}
