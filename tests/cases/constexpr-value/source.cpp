// SPDX-License-Identifier: Apache-2.0
// A constexpr function is evaluated where a constant is demanded, and is an ordinary function elsewhere.
constexpr unsigned power(unsigned base, unsigned exponent) { return exponent == 0 ? 1 : base * power(base, exponent - 1); }
constexpr unsigned scale = power(7, 5);
static_assert(scale == 16807);
constexpr unsigned shifted(unsigned x) { return (x << 4) + scale; }
unsigned scaled(unsigned x) { return x * scale + shifted(x ^ 1); }
