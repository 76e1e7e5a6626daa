// SPDX-License-Identifier: Apache-2.0
// The overflow builtins compute exactly, and say whether the result fits.
int add_checked(int a, int b, int *sum) { return __builtin_add_overflow(a, b, sum); }
int sub_checked(unsigned long a, unsigned long b, unsigned long *d) { return __builtin_sub_overflow(a, b, d); }
int mul_checked(unsigned a, unsigned b, unsigned *p) { return __builtin_mul_overflow(a, b, p); }
