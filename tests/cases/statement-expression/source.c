// SPDX-License-Identifier: Apache-2.0
// A GNU statement expression evaluates its operand once.
#define larger(a, b)                \
  ({                                \
    __typeof__(a) first = (a);      \
    __typeof__(b) second = (b);     \
    first > second ? first : second; \
  })
unsigned next(void);
unsigned peak(unsigned x) { return larger(next(), x) + larger(x, 10u); }
