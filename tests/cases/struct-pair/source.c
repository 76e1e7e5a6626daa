// SPDX-License-Identifier: Apache-2.0
// A struct of 16 bytes comes and goes in two registers (AAPCS64 6.8.2, 6.9).
struct pair {
  unsigned long first, second;
};
struct pair swap_pair(struct pair p) {
  struct pair q = {p.second, p.first};
  return q;
}
