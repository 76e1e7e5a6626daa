// SPDX-License-Identifier: Apache-2.0
// Division. Compilers divide by a constant with a multiplication and a shift (Granlund and Montgomery 1994; Warren,
// Hacker's Delight, chapter 10); the product is recognised arithmetically, with the operand's range, and turned back
// into the division. Remainders become x - (x / y) * y, as A64 computes them (MSUB). x/0 = 0, x%0 = x.
#include <algorithm>

#include "ir/internal.hpp"

namespace ir {

namespace {

u128 signed_quotient(u128 x, u128 y, unsigned width) {
  const i128 a = detail::to_signed(x, width);
  const i128 b = detail::to_signed(y, width);
  if (b == 0) return 0;
  const u128 magnitude_a = a < 0 ? ~static_cast<u128>(a) + 1 : static_cast<u128>(a);
  const u128 magnitude_b = b < 0 ? ~static_cast<u128>(b) + 1 : static_cast<u128>(b);
  const u128 quotient = magnitude_a / magnitude_b;
  return ((a < 0) != (b < 0) ? ~quotient + 1 : quotient) & mask(width);
}

/// A quotient whose upper bits are zero: written so, since the machine's ways to divide leave different numbers of them.
Term trimmed(Term quotient, u128 largest) {
  const unsigned bits = detail::bit_length(largest);
  return bits < quotient.width() ? zext(extract(bits - 1, 0, quotient), quotient.width()) : quotient;
}

bool ends_in_zeros(Term term, unsigned bits) {
  const Term low = extract(bits - 1, 0, term);
  return low.is_constant() && low.value() == 0;
}

/// The quotient that the term is the low part of, when the rest of it is zero.
Term whole_quotient(Term term) {
  if (term.is(Op::udiv)) return term;
  const bool low = term.is(Op::extract) && term.lo() == 0 && term.arg(0).is(Op::udiv);
  return low && unsigned_max(term.arg(0)) <= mask(term.width()) ? term.arg(0) : Term();
}

}  // namespace

Term udiv(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (b.is_constant()) {
    const u128 divisor = b.value();
    if (divisor == 0) return b;
    if (a.is_constant()) return bv(a.value() / divisor, width);
    if (divisor == 1) return a;
    if (detail::is_power_of_two(divisor)) return lshr(a, bv(detail::trailing_zeros(divisor), width));
    if (unsigned_max(a) < divisor) return bv(0, width);
    // (x >> k) / d -> x / (d << k), and the division at the width of the value.
    if (a.is(Op::concat) && a.arg(0).is_constant() && a.arg(0).value() == 0) {
      const Term low = concat(a.args().subspan(1));
      return zext(udiv(low, bv(divisor, low.width())), width);
    }
    if (a.is(Op::extract) && a.lo() > 0 && a.hi() == a.arg(0).width() - 1 && !ends_in_zeros(a.arg(0), a.lo())) {
      const Term whole = a.arg(0);
      const u128 scaled = divisor << a.lo();
      if (scaled >> a.lo() == divisor && scaled <= mask(whole.width()))
        return extract(width - 1, 0, udiv(whole, bv(scaled, whole.width())));
    }
    // (x << k) / (d << k)
    const unsigned zeros = detail::trailing_zeros(divisor);
    for (unsigned k = std::min(zeros, width - 1); k > 0; --k) {
      if (ends_in_zeros(a, k)) return zext(udiv(extract(width - 1, k, a), bv(divisor >> k, width - k)), width);
    }
    if (const Term quotient = whole_quotient(a); quotient && quotient.arg(1).is_constant()) {
      const u128 inner = quotient.arg(1).value();
      const unsigned full = quotient.width();
      if (inner != 0 && divisor <= mask(full) / inner) return extract(width - 1, 0, udiv(quotient.arg(0), bv(inner * divisor, full)));
    }
    if (a.is(Op::ite) && a.arg(1).is_constant() && a.arg(2).is_constant())
      return ite(a.arg(0), udiv(a.arg(1), b), udiv(a.arg(2), b));
    return trimmed(detail::make(Op::udiv, a.sort(), {a, b}), unsigned_max(a) / divisor);
  }
  if (a.is_constant() && a.value() == 0) return a;
  return detail::make(Op::udiv, a.sort(), {a, b});
}

Term sdiv(Term a, Term b) {
  IR_ASSERT(a.sort().is_bitvec() && a.sort() == b.sort());
  const unsigned width = a.width();
  if (b.is_constant()) {
    if (b.value() == 0) return b;
    if (a.is_constant()) return bv(signed_quotient(a.value(), b.value(), width), width);
    if (b.value() == 1 && width > 1) return a;
    if (b.value() == mask(width)) return neg(a);
    const i128 divisor = detail::to_signed(b.value(), width);
    if (divisor > 0 && unsigned_max(a) <= mask(width - 1)) return udiv(a, b);
    // Division by 2^k rounds towards zero: the sign adds 2^k - 1 first.
    if (divisor > 0 && detail::is_power_of_two(b.value())) {
      const unsigned by = detail::trailing_zeros(b.value());
      const Term bias = ite(bit(a, width - 1), bv(b.value() - 1, width), bv(0, width));
      return ashr(add(a, bias), bv(by, width));
    }
    if (divisor < 0 && b.value() != u128{1} << (width - 1)) return neg(sdiv(a, neg(b)));
    if (a.is(Op::ite) && a.arg(1).is_constant() && a.arg(2).is_constant())
      return ite(a.arg(0), sdiv(a.arg(1), b), sdiv(a.arg(2), b));
  }
  if (a.is_constant() && a.value() == 0) return a;
  return detail::make(Op::sdiv, a.sort(), {a, b});
}

Term urem(Term a, Term b) {
  if (b.is_constant() && detail::is_power_of_two(b.value())) return bit_and(a, sub(b, bv(1, b.width())));
  return sub(a, mul(udiv(a, b), b));
}

Term srem(Term a, Term b) { return sub(a, mul(sdiv(a, b), b)); }

namespace detail {

namespace {

// The divisor d with n * m >> p = n / d for every n <= bound. Since m * d = 2^p + e with 0 <= e and e * bound < 2^p,
// the error e * n / (d * 2^p) stays below 1 / d, the distance of n / d to the next integer.
u128 unsigned_divisor(u128 m, unsigned p, u128 bound) {
  if (p >= 127 || m == 0) return 0;
  const u128 power = u128{1} << p;
  const u128 d = (power + m - 1) / m;
  if (d < 2 || d > (~u128{0}) / m) return 0;
  const u128 product = m * d;
  if (product < power) return 0;
  const u128 error = product - power;
  if (error != 0 && bound > (power - 1) / error) return 0;
  return d;
}

Term fit_unsigned(Term value, unsigned width) {
  return width >= value.width() ? zext(value, width) : extract(width - 1, 0, value);
}

Term unsigned_magic(unsigned lo, Term product, u128 m, Term operand) {
  const unsigned width = product.width();
  const u128 bound = unsigned_max(operand);
  if (bound == 0 || m > mask(width) / bound) return {};
  const u128 divisor = unsigned_divisor(m, lo, bound);
  if (divisor == 0) return {};
  const unsigned result_width = width - lo;
  if (divisor > bound) return bv(0, result_width);
  const Term narrow = extract(bit_length(bound) - 1, 0, operand);
  return fit_unsigned(udiv(narrow, bv(divisor, narrow.width())), result_width);
}

// floor(n * m / 2^p) for signed n of w bits and positive m with m * q = 2^p + e, 0 < e <= 2^p / 2^(w-1), is n / q
// (towards zero) less one for negative n.
Term signed_magic(unsigned lo, Term product, u128 m, Term operand) {
  const unsigned width = product.width();
  const Term n = operand.arg(0);
  const unsigned narrow = n.width();
  if (m >> (width - 1) != 0 || bit_length(m) + narrow > width || lo >= 127 || lo < narrow - 1) return {};
  if (lo == width - 1) return extract(narrow - 1, narrow - 1, n);
  const u128 power = u128{1} << lo;
  const u128 q = (power + m - 1) / m;
  if (q < 2 || q > mask(narrow - 1)) return {};
  const u128 error = m * q - power;
  if (error == 0 || error > power >> (narrow - 1)) return {};
  const unsigned result_width = width - lo;
  const Term quotient = sdiv(n, bv(q, narrow));
  const Term sign = extract(narrow - 1, narrow - 1, n);
  if (result_width >= narrow)
    return sub(sext(quotient, result_width), zext(sign, result_width));
  return sub(extract(result_width - 1, 0, quotient), zext(sign, result_width));
}

// x, where the term is x >> 1; some other term when it is not.
Term doubled(Term half) {
  const bool zero_on_top = half.is(Op::concat) && half.args().size() == 2 && half.arg(1).is(Op::extract);
  return zero_on_top ? half.arg(1).arg(0) : half;
}

// (q + ((n - q) >> 1)) >> lo with q = n * m / 2^k is n * (2^k + m) / 2^(k + 1 + lo): the way to divide by a constant whose reciprocal
// has one bit more than a register (Granlund and Montgomery 1994, figure 4.1).
Term long_magic_division(unsigned hi, unsigned lo, Term total) {
  const unsigned width = total.width();
  if (total.args().size() != 2 || total.offset() != 0 || total.coefficients()[0] != 1 || total.coefficients()[1] != 1) return {};
  for (unsigned i = 0; i < 2; ++i) {
    const Term q = total.arg(i), half = total.arg(1 - i);
    if (!q.is(Op::extract) || !q.arg(0).is(Op::sum) || q.arg(0).args().size() != 1 || q.arg(0).offset() != 0) continue;
    if (doubled(half).width() != width || half != lshr(doubled(half), bv(1, width))) continue;
    const Term n = add(doubled(half), q);
    const u128 m = q.arg(0).coefficients()[0];
    const Term operand = q.arg(0).arg(0);
    const u128 bound = unsigned_max(operand);
    if (bound == 0 || m > mask(q.arg(0).width()) / bound || bound > mask(width)) continue;
    for (unsigned shift = 0; shift < 8; ++shift) {
      const unsigned k = q.lo() + shift;
      if (bound > mask(width) >> shift || k + 1 + lo >= 127 || m > u128{1} << k) break;
      if (shl(extract(width - 1, 0, operand), bv(shift, width)) != n) continue;
      const u128 divisor = unsigned_divisor((u128{1} << k) + m, k + 1 + lo, unsigned_max(n));
      if (divisor == 0) continue;
      return extract(hi - lo, 0, udiv(n, bv(divisor, width)));
    }
  }
  return {};
}

}  // namespace

Term magic_division(unsigned hi, unsigned lo, Term product) {
  if (product.is(Op::sum) && product.args().size() == 2) return long_magic_division(hi, lo, product);
  if (!product.is(Op::sum) || product.args().size() != 1 || product.offset() != 0) return {};
  const u128 m = product.coefficients()[0];
  const Term operand = product.arg(0);
  // Short multipliers are scaled indices or bytes, not reciprocals.
  if (bit_length(m) < 8) return {};
  Term whole;
  if (operand.is(Op::sext)) whole = signed_magic(lo, product, m, operand);
  else if (unsigned_max(operand) < mask(product.width())) whole = unsigned_magic(lo, product, m, operand);
  if (!whole) return {};
  return extract(hi - lo, 0, whole);
}

Term widened_quotient(Term narrow, unsigned width) {
  // narrow = (n / q)[..0] - sign(n), with |n / q| + 1 within the narrow width.
  if (!narrow.is(Op::sum) || narrow.args().size() != 2 || narrow.offset() != 0) return {};
  for (unsigned i = 0; i < 2; ++i) {
    const Term low = narrow.arg(i);
    if (narrow.coefficients()[i] != 1 || narrow.coefficients()[1 - i] != mask(narrow.width())) continue;
    const Term quotient = low.is(Op::extract) && low.lo() == 0 ? low.arg(0) : low;
    if (!quotient.is(Op::sdiv) || !quotient.arg(1).is_constant()) continue;
    const Term n = quotient.arg(0);
    const unsigned full = n.width();
    const i128 q = to_signed(quotient.arg(1).value(), full);
    if (q < 2) continue;
    const u128 largest = (u128{1} << (full - 1)) / static_cast<u128>(q) + 1;
    if (largest > u128{1} << (narrow.width() - 1)) continue;
    const Term sign = extract(full - 1, full - 1, n);
    if (narrow.arg(1 - i) != zext(sign, narrow.width())) continue;
    return sub(resize(quotient, width, true), zext(sign, width));
  }
  return {};
}

}  // namespace detail

}  // namespace ir
