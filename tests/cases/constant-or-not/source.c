// SPDX-License-Identifier: Apache-2.0
// Whether a value is known to be constant is the optimiser's to say: no answer is wrong.
static inline unsigned kind(unsigned x) { return __builtin_constant_p(x) ? 1 : 2; }
unsigned known(void) { return kind(3); }
unsigned open(unsigned x) { return kind(x) + x; }
