// SPDX-License-Identifier: Apache-2.0
// Templates are lifted as they are instantiated: one body, two widths and signs.
template <typename Number>
Number clamped(Number value, Number low, Number high) {
  return value < low ? low : high < value ? high : value;
}
template unsigned clamped<unsigned>(unsigned, unsigned, unsigned);
template int clamped<int>(int, int, int);
