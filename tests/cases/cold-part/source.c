// SPDX-License-Identifier: Apache-2.0
// What is unlikely moves to a fragment of its own (`.cold`), which counts only as part of its function.
__attribute__((cold)) void complain(unsigned);
__attribute__((cold)) unsigned repair(unsigned);
unsigned checked(unsigned x, unsigned y) {
  if (__builtin_expect(x > y, 0)) {
    complain(x);
    complain(y);
    return repair(x ^ y);
  }
  return y - x;
}
