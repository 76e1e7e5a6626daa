// SPDX-License-Identifier: Apache-2.0
// __builtin_expect changes nothing; what __builtin_unreachable rules out may be compiled to anything.
unsigned kind_weight(unsigned kind) {
  if (__builtin_expect(kind == 0, 1)) return 10;
  switch (kind) {
    case 1: return 20;
    case 2: return 30;
    default: __builtin_unreachable();
  }
}
