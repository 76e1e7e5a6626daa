// SPDX-License-Identifier: Apache-2.0
// What the normal forms are for: two ways in which a compiler and a source write one function become one node.
// Beside each pair that meets stands a near miss that must not.
#include <gtest/gtest.h>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "ir/text.hpp"

namespace ir {

void PrintTo(Term term, std::ostream* out) { *out << print(term); }

namespace {

class NormalForms : public ::testing::Test {
 protected:
  Term x = var("nx", Sort::bitvec(64));
  Term y = var("ny", Sort::bitvec(64));
  Term z = var("nz", Sort::bitvec(64));
  Term a = var("na", Sort::bitvec(32));
  Term b = var("nb", Sort::bitvec(32));
  Term h = var("nh", Sort::bitvec(8));
  Term c = var("nc", Sort::boolean());
  Term d = var("nd", Sort::boolean());
  Term m = var("nm", Sort::memory());

  static Term k(u128 value, unsigned width = 64) { return bv(value, width); }
  static Term k32(u128 value) { return bv(value, 32); }
};

TEST_F(NormalForms, SumsCollectAndCancel) {
  EXPECT_EQ(add(x, add(y, x)), add(mul(k(2), x), y));
  EXPECT_EQ(sub(add(x, y), x), y);
  EXPECT_EQ(sub(add(x, k(5)), k(7)), sub(x, k(2)));
  EXPECT_NE(sub(add(x, y), x), x);
  EXPECT_EQ(neg(sub(x, y)), sub(y, x));
  EXPECT_EQ(bit_not(bit_not(x)), x);
  EXPECT_EQ(add(bit_not(x), k(1)), neg(x));
  EXPECT_EQ(sub(x, bit_not(y)), add(add(x, y), k(1)));
}

TEST_F(NormalForms, ProductsArePolynomials) {
  EXPECT_EQ(mul(add(x, k(1)), y), add(mul(y, x), y));
  EXPECT_EQ(mul(mul(x, y), z), mul(x, mul(z, y)));
  EXPECT_EQ(mul(shl(x, k(3)), y), shl(mul(x, y), k(3)));
  EXPECT_NE(mul(x, y), mul(x, z));
  EXPECT_EQ(shl(add(x, y), k(2)), add(shl(x, k(2)), shl(y, k(2))));
  EXPECT_NE(lshr(add(x, y), k(2)), add(lshr(x, k(2)), lshr(y, k(2))));
}

TEST_F(NormalForms, ScaledAddresses) {
  const Term index = zext(a, 64);
  EXPECT_EQ(add(x, shl(index, k(3))), add(x, mul(index, k(8))));
  EXPECT_EQ(add(x, shl(add(y, k(1)), k(3))), add(add(x, shl(y, k(3))), k(8)));
  EXPECT_EQ(add(x, concat(k(0, 29), concat(a, k(0, 3)))), add(x, mul(index, k(8))));
  EXPECT_EQ(add(x, shl(mul(y, z), k(3))), add(x, mul(shl(y, k(3)), z)));
  EXPECT_EQ(add(x, shl(sext(a, 64), k(2))), add(x, mul(sext(a, 64), k(4))));
  EXPECT_NE(add(x, zext(shl(a, k32(3)), 64)), add(x, shl(zext(a, 64), k(3))));
}

TEST_F(NormalForms, DisjointSumIsConcat) {
  EXPECT_EQ(add(zext(a, 64), shl(x, k(32))), bit_or(zext(a, 64), shl(x, k(32))));
  EXPECT_EQ(sub(k(255), zext(h, 64)), zext(bit_not(h), 64));
  EXPECT_EQ(add(shl(x, k(3)), k(5)), bit_or(shl(x, k(3)), k(5)));
  EXPECT_NE(add(shl(x, k(3)), k(9)), bit_or(shl(x, k(3)), k(9)));
  EXPECT_NE(add(zext(a, 64), shl(x, k(31))), bit_or(zext(a, 64), shl(x, k(31))));
}

TEST_F(NormalForms, BitfieldInsertHasOneForm) {
  // BFI x, y, #8, #16 as AND/ORR with masks, as shifts, and as a concat of slices.
  const Term field = shl(bit_and(y, k(0xffff)), k(8));
  const Term masked = bit_or(bit_and(x, k(~u128{0xffff00})), field);
  const Term slices[] = {extract(63, 24, x), extract(15, 0, y), extract(7, 0, x)};
  EXPECT_EQ(masked, concat(slices));
  EXPECT_EQ(masked, bit_xor(bit_and(x, k(~u128{0xffff00})), field));
  EXPECT_NE(masked, bit_or(x, field));
  EXPECT_EQ(concat(extract(15, 8, x), extract(7, 0, x)), extract(15, 0, x));
  EXPECT_NE(concat(extract(15, 8, x), extract(7, 0, y)), extract(15, 0, x));
  EXPECT_EQ(byte_swap(byte_swap(x)), x);
  EXPECT_EQ(rbit(rbit(a)), a);
}

TEST_F(NormalForms, BitwiseSlicesFuseAgain) {
  const Term both = bit_and(x, y);
  EXPECT_EQ(concat(extract(63, 20, both), extract(19, 0, both)), both);
  const Term either = bit_or(x, y);
  EXPECT_EQ(concat(extract(63, 32, either), bit_or(extract(31, 0, x), extract(31, 0, y))), either);
  EXPECT_NE(concat(extract(63, 32, either), bit_or(extract(31, 0, x), extract(31, 0, z))), either);
  const Term total = add(x, y);
  EXPECT_EQ(concat(extract(63, 32, total), extract(31, 0, total)), total);
  EXPECT_EQ(concat(extract(63, 32, bit_not(x)), bit_not(extract(31, 0, x))), bit_not(x));
}

TEST_F(NormalForms, XorAndComplement) {
  EXPECT_EQ(bit_xor(bit_xor(x, y), bit_xor(y, z)), bit_xor(z, x));
  EXPECT_EQ(bit_xor(bit_not(x), y), bit_not(bit_xor(x, y)));
  EXPECT_EQ(bit_and(bit_not(x), bit_not(y)), bit_not(bit_or(x, y)));
  EXPECT_EQ(bit_or(x, bit_not(y)), bit_not(bit_and(y, bit_not(x))));
  EXPECT_EQ(bit_and(x, bit_not(x)), k(0));
  EXPECT_EQ(bit_or(x, bit_and(x, y)), x);
  EXPECT_NE(bit_and(bit_not(x), y), bit_not(bit_or(x, y)));
}

TEST_F(NormalForms, LowBitsGoThroughArithmetic) {
  EXPECT_EQ(extract(31, 0, add(zext(a, 64), sext(b, 64))), add(a, b));
  EXPECT_EQ(extract(31, 0, mul(zext(a, 64), zext(b, 64))), mul(a, b));
  EXPECT_EQ(extract(31, 0, ite(c, zext(a, 64), sext(b, 64))), ite(c, a, b));
  EXPECT_NE(extract(63, 32, add(zext(a, 64), sext(b, 64))), add(a, b));
}

TEST_F(NormalForms, ChoicesShareWhatIsCommon) {
  EXPECT_EQ(ite(c, add(x, k(1)), x), add(x, ite(c, k(1), k(0))));
  EXPECT_EQ(ite(c, add(x, y), add(x, z)), add(x, ite(c, y, z)));
  EXPECT_NE(ite(c, add(x, k(1)), y), add(y, ite(c, k(1), k(0))));
  EXPECT_EQ(ite(c, concat(a, b), concat(a, k32(0))), concat(a, ite(c, b, k32(0))));
  EXPECT_EQ(ite(c, ite(c, x, y), z), ite(c, x, z));
  EXPECT_EQ(ite(c, x, ite(d, x, y)), ite(logical_or(c, d), x, y));
  EXPECT_EQ(zext(ite(c, k(1, 1), k(0, 1)), 64), bool_to_bv(c, 64));
  EXPECT_EQ(sub(k(0), bool_to_bv(c, 64)), ite(c, k(~u128{0}), k(0)));
  EXPECT_EQ(sub(x, bool_to_bv(c, 64)), ite(c, sub(x, k(1)), x));
  EXPECT_EQ(ite(bit(x, 5), k(32), k(0)), bit_and(x, k(32)));
}

TEST_F(NormalForms, SignBits) {
  EXPECT_EQ(ashr(x, k(63)), ite(slt(x, k(0)), k(~u128{0}), k(0)));
  EXPECT_EQ(lshr(x, k(63)), bool_to_bv(slt(x, k(0)), 64));
  EXPECT_EQ(sdiv(x, k(8)), ashr(add(x, ite(slt(x, k(0)), k(7), k(0))), k(3)));
  EXPECT_EQ(sdiv(x, k(8)), ashr(add(x, lshr(ashr(x, k(63)), k(61))), k(3)));
  EXPECT_NE(sdiv(x, k(8)), ashr(x, k(3)));
  EXPECT_EQ(sext(extract(15, 0, x), 64), ashr(shl(x, k(48)), k(48)));
}

TEST_F(NormalForms, BooleanStructure) {
  EXPECT_EQ(logical_or(logical_and(c, d), logical_and(c, logical_not(d))), c);
  EXPECT_EQ(logical_and(c, logical_or(logical_not(c), d)), logical_and(c, d));
  EXPECT_EQ(logical_or(c, logical_and(c, d)), c);
  EXPECT_TRUE(logical_and(c, logical_not(c)).is_false());
  EXPECT_NE(logical_or(c, logical_and(c, d)), d);
  EXPECT_EQ(eq(eq(c, d), d), c);
  EXPECT_EQ(ite(c, d, logical_not(d)), eq(c, d));
}

TEST_F(NormalForms, RangesJoin) {
  EXPECT_EQ(ule(x, k(9)), ult(x, k(10)));
  EXPECT_EQ(logical_and(ult(x, k(10)), ult(x, k(20))), ult(x, k(10)));
  EXPECT_TRUE(logical_and(ult(x, k(10)), logical_not(ult(x, k(20)))).is_false());
  EXPECT_EQ(logical_and(ule(k(48), x), ule(x, k(57))), ult(sub(x, k(48)), k(10)));
  EXPECT_EQ(logical_and(ult(x, k(10)), ne(x, k(9))), ult(x, k(9)));
  EXPECT_NE(logical_and(ult(x, k(10)), ne(x, k(8))), ult(x, k(9)));
  EXPECT_EQ(logical_and(ule(y, x), ne(x, y)), ult(y, x));
  EXPECT_EQ(logical_and(sle(y, x), ne(x, y)), slt(y, x));
  EXPECT_EQ(logical_or(ult(x, y), eq(x, y)), ule(x, y));
  EXPECT_EQ(logical_and(sle(k(5), x), ne(x, k(5))), slt(k(5), x));
  EXPECT_EQ(ult(zext(a, 64), k(8)), eq(lshr(a, k32(3)), k32(0)));
}

TEST_F(NormalForms, EqualitySplitsAndSolves) {
  EXPECT_EQ(eq(sub(x, y), k(0)), eq(x, y));
  EXPECT_EQ(eq(add(x, k(3)), k(10)), eq(x, k(7)));
  EXPECT_EQ(eq(add(x, y), add(y, z)), eq(x, z));
  EXPECT_EQ(eq(concat(a, b), concat(b, a)), eq(a, b));
  EXPECT_EQ(eq(zext(a, 64), k(u128{1} << 40)), boolean(false));
  EXPECT_EQ(eq(zext(h, 64), zext(extract(7, 0, x), 64)), eq(h, extract(7, 0, x)));
  EXPECT_EQ(eq(bool_to_bv(c, 32), k32(0)), logical_not(c));
  EXPECT_EQ(ne(bool_to_bv(c, 32), k32(1)), logical_not(c));
  EXPECT_EQ(eq(ite(c, k(1), ite(d, k(2), k(3))), k(2)), logical_and(logical_not(c), d));
  EXPECT_NE(eq(add(x, y), z), eq(x, z));
}

TEST_F(NormalForms, MinimumAndMaximum) {
  EXPECT_EQ(ite(ult(x, k(7)), x, k(7)), ite(ule(x, k(7)), x, k(7)));
  EXPECT_EQ(ite(ult(x, k(8)), x, k(8)), ite(ule(x, k(8)), x, k(8)));
  EXPECT_EQ(ite(ult(x, k(8)), k(8), x), ite(ule(x, k(8)), k(8), x));
  EXPECT_EQ(ite(slt(x, k(0)), k(0), x), ite(sle(x, k(0)), k(0), x));
  EXPECT_NE(ite(ult(x, k(7)), x, k(7)), ite(ult(x, k(7)), x, k(6)));
}

/// Flags of `SUBS` as the Arm ARM's AddWithCarry computes them, on (w+1)-bit sums.
struct Flags {
  Term n, z, c, v;
};
Flags add_with_carry(Term left, Term right, Term carry) {
  const unsigned w = left.width();
  const Term unsigned_sum = add(add(zext(left, w + 1), zext(right, w + 1)), bool_to_bv(carry, w + 1));
  const Term signed_sum = add(add(sext(left, w + 1), sext(right, w + 1)), bool_to_bv(carry, w + 1));
  const Term result = extract(w - 1, 0, unsigned_sum);
  const Term n = bit(result, w - 1);
  return {n, eq(result, bv(0, w)), bit(unsigned_sum, w), ne(bit(signed_sum, w), n)};
}

TEST_F(NormalForms, CompareFlagsBecomeComparisons) {
  const Term operands[] = {y, k(0), k(1), k(5), k(u128{1} << 63), k(~u128{0}), k((u128{1} << 63) - 1)};
  for (Term right : operands) {
    const Flags f = add_with_carry(x, bit_not(right), boolean(true));
    EXPECT_EQ(f.z, eq(x, right));
    EXPECT_EQ(f.c, ule(right, x));
    EXPECT_EQ(eq(f.n, f.v), sle(right, x));
    EXPECT_EQ(logical_and(f.c, logical_not(f.z)), ult(right, x));           // HI
    EXPECT_EQ(logical_or(logical_not(f.c), f.z), ule(x, right));            // LS
    EXPECT_EQ(logical_and(logical_not(f.z), eq(f.n, f.v)), slt(right, x));  // GT
    EXPECT_EQ(logical_or(f.z, ne(f.n, f.v)), sle(x, right));                // LE
  }
}

TEST_F(NormalForms, CompareFlagsOfSums) {
  const Term left = add(x, y), right = add(z, k(8));
  const Flags f = add_with_carry(left, bit_not(right), boolean(true));
  EXPECT_EQ(logical_and(f.c, logical_not(f.z)), ult(right, left));          // HI
  EXPECT_EQ(logical_or(logical_not(f.c), f.z), ule(left, right));           // LS
  EXPECT_EQ(logical_and(f.z, f.c), eq(left, right));
}

TEST_F(NormalForms, ChoicesWithAConstantSide) {
  const Term choice = ite(ult(y, k(5)), shl(k(1), z), k(0));
  EXPECT_EQ(bit_not(sub(choice, k(1))), ite(ult(y, k(5)), neg(shl(k(1), z)), k(0)));
  EXPECT_EQ(bit_not(bit_not(choice)), choice);
  EXPECT_EQ(bit_and(x, choice), ite(ult(y, k(5)), bit_and(x, shl(k(1), z)), k(0)));
  EXPECT_EQ(bit_or(x, bit_not(choice)), ite(ult(y, k(5)), bit_or(x, bit_not(shl(k(1), z))), k(~u128{0})));
  EXPECT_EQ(extract(60, 9, add(choice, k(0x1ff))), ite(ult(y, k(5)), extract(60, 9, add(shl(k(1), z), k(0x1ff))), k(0, 52)));
}

TEST_F(NormalForms, RangesOfANegatedSum) {
  const Term value = sub(k(0x30), mul(x, k(9)));
  const Flags f = add_with_carry(value, bit_not(k(0x3f)), boolean(true));
  EXPECT_EQ(logical_and(f.c, logical_not(f.z)), ult(k(0x3f), value));  // HI
  EXPECT_EQ(logical_or(logical_not(f.c), f.z), ule(value, k(0x3f)));   // LS
}

// 128 is its own negative modulo 256: the rule that prefers plus must not turn such sums for ever.
TEST_F(NormalForms, OrdersOfSumsHaveOneForm) {
  const Term i = h, j = var("nj", Sort::bitvec(8)), l = var("nl", Sort::bitvec(8)), o = var("no", Sort::bitvec(8));
  const Term half = mul(i, k(128, 8));
  for (const Term& left : {add(half, l), sub(i, l)}) {
    const Term right = sub(neg(j), o);
    EXPECT_EQ(ult(left, right), ult(bit_not(right), bit_not(left)));
    EXPECT_NE(ult(left, right), ult(right, left));
  }
  const Term left = add(half, l), right = sub(mul(j, k(128, 8)), o);
  EXPECT_EQ(ult(left, right).arg(0), left);
  EXPECT_EQ(ult(left, right).arg(1), right);
  EXPECT_EQ(logical_and(logical_not(ult(right, left)), ne(left, right)), ult(left, right));
  EXPECT_EQ(substitute(ult(left, j), {{j, right}}), ult(left, right));
}

TEST_F(NormalForms, AdditionFlags) {
  const Flags f = add_with_carry(x, y, boolean(false));
  EXPECT_EQ(f.c, ult(add(x, y), x));
  EXPECT_EQ(f.c, ult(add(x, y), y));
  const Flags cmn = add_with_carry(x, k(5), boolean(false));
  EXPECT_EQ(cmn.z, eq(x, k(~u128{4})));
  EXPECT_EQ(ne(cmn.n, cmn.v), slt(x, k(~u128{4})));
  EXPECT_EQ(cmn.c, ult(add(x, k(5)), x));
}

TEST_F(NormalForms, DivisionByMultiplicationWithOneBitMore) {
  const auto high_product = [&](std::uint64_t m) { return extract(127, 64, mul(zext(x, 128), zext(k(m), 128))); };
  const auto divided = [&](Term q, unsigned by) { return lshr(add(q, lshr(sub(x, q), k(1))), k(by)); };
  const Term q7 = high_product(0x2492492492492493);
  EXPECT_EQ(divided(q7, 2), udiv(x, k(7)));
  EXPECT_NE(divided(q7, 3), udiv(x, k(7)));
  EXPECT_NE(divided(high_product(0x2492492492492492), 2), udiv(x, k(7)));
  for (const std::uint64_t value :
       {0ULL, 6ULL, 7ULL, 48ULL, 49ULL, ~0ULL, ~0ULL - 1, 0x8000000000000000ULL, 0xfffffffffffffff9ULL}) {
    Valuation valuation;
    valuation.scalars[x] = value;
    EXPECT_EQ(evaluate(divided(q7, 2), valuation), value / 7) << value;
    EXPECT_EQ(evaluate(divided(q7, 3), valuation), value / 14) << value;
  }
}

TEST_F(NormalForms, QuotientsKeepTheirSignificantBits) {
  const Term narrow = extract(61, 0, x);
  EXPECT_EQ(udiv(concat(narrow, bv(0, 2)), k(1000)), zext(udiv(narrow, bv(250, 62)), 64));
  EXPECT_NE(udiv(concat(narrow, bv(0, 2)), k(1001)), zext(udiv(narrow, bv(250, 62)), 64));
  EXPECT_EQ(zext(extract(55, 0, udiv(narrow, bv(250, 62))), 64), zext(udiv(narrow, bv(250, 62)), 64));
  EXPECT_NE(zext(extract(53, 0, udiv(narrow, bv(250, 62))), 64), zext(udiv(narrow, bv(250, 62)), 64));
  EXPECT_EQ(udiv(udiv(x, k(10)), k(10)), udiv(x, k(100)));
}

TEST_F(NormalForms, DivisionByMultiplication) {
  // umull/lsr #35 by 0xcccccccd is n / 10 for 32-bit n.
  const Term wide = mul(zext(a, 64), k(0xcccccccd));
  EXPECT_EQ(extract(31, 0, lshr(wide, k(35))), udiv(a, k32(10)));
  EXPECT_NE(extract(31, 0, lshr(wide, k(34))), udiv(a, k32(10)));
  // umulh, lsr #3 by 0xcccccccccccccccd
  const Term high = extract(127, 64, mul(zext(x, 128), bv((u128{0xcccccccc} << 32) | 0xcccccccd, 128)));
  EXPECT_EQ(lshr(high, k(3)), udiv(x, k(10)));
  // 32-bit signed by 10: smull, lsr #63, asr #34, add
  const Term product = mul(sext(a, 64), k(0x66666667));
  const Term sign = extract(31, 0, lshr(product, k(63)));
  EXPECT_EQ(add(extract(31, 0, ashr(product, k(34))), sign), sdiv(a, k32(10)));
  // by 3: smull by 0x55555556, high half minus the sign
  const Term thirds = mul(sext(a, 64), k(0x55555556));
  EXPECT_EQ(add(extract(63, 32, thirds), lshr(a, k32(31))), sdiv(a, k32(3)));
  // by 7: smull by 0x92492493 (negative as a signed number), add n, asr #2
  const Term sevenths = mul(sext(a, 64), k(~u128{0} - 0x6db6db6d + 1));
  const Term sum = add(extract(63, 32, sevenths), a);
  EXPECT_EQ(add(ashr(sum, k32(2)), lshr(sum, k32(31))), sdiv(a, k32(7)));
  EXPECT_EQ(urem(x, k(10)), sub(x, mul(udiv(x, k(10)), k(10))));
  EXPECT_EQ(udiv(lshr(x, k(2)), k(25)), udiv(x, k(100)));
}

TEST_F(NormalForms, LoadsSeeStores) {
  const Term stored = store(m, add(x, k(8)), y);
  EXPECT_EQ(load(stored, add(x, k(8)), 8), y);
  EXPECT_EQ(load(stored, add(x, k(12)), 4), extract(63, 32, y));
  EXPECT_EQ(load(stored, x, 8), load(m, x, 8));
  EXPECT_EQ(load(stored, add(x, k(4)), 8), concat(extract(31, 0, y), load(m, add(x, k(4)), 4)));
  EXPECT_NE(load(stored, z, 8), load(m, z, 8));
  EXPECT_EQ(load(ite(c, stored, m), add(x, k(8)), 8), ite(c, y, load(m, add(x, k(8)), 8)));
  EXPECT_EQ(load(ite(c, stored, m), x, 8), load(m, x, 8));
  EXPECT_EQ(concat(load(m, add(x, k(4)), 4), load(m, x, 4)), load(m, x, 8));
  EXPECT_NE(concat(load(m, x, 4), load(m, add(x, k(4)), 4)), load(m, x, 8));
  EXPECT_EQ(extract(15, 8, load(m, x, 8)), load(m, add(x, k(1)), 1));
  const Term element = add(x, shl(z, k(4)));
  EXPECT_EQ(load(store(m, element, y), add(add(x, shl(y, k(4))), k(8)), 8),
            load(m, add(add(x, shl(y, k(4))), k(8)), 8));
}

TEST_F(NormalForms, SlicesOfLoadsAreNatural) {
  const Term word = load(m, x, 8);
  EXPECT_EQ(extract(63, 5, word), rebuild(extract(63, 5, word), extract(63, 5, word).args()));
  EXPECT_TRUE(extract(63, 5, word).is(Op::extract));
  EXPECT_EQ(extract(63, 5, word).arg(0), word);
  EXPECT_EQ(extract(63, 32, word), load(m, add(x, k(4)), 4));
  EXPECT_EQ(extract(7, 5, word), extract(7, 5, load(m, x, 1)));
  EXPECT_EQ(extract(39, 24, word).arg(0), word);
  EXPECT_EQ(concat(extract(63, 5, word), extract(4, 0, word)), word);
  EXPECT_EQ(concat(extract(63, 12, word), concat(extract(11, 4, word), extract(3, 0, word))), word);
  EXPECT_EQ(concat(extract(39, 32, word), extract(31, 8, word)), extract(39, 8, word));
  EXPECT_EQ(concat(extract(63, 40, word), extract(39, 36, word)), extract(63, 36, word));
  EXPECT_EQ(bit_and(word, k(~u128{31})), concat(extract(63, 5, word), k(0, 5)));
  EXPECT_EQ(bit_or(bit_and(word, k(~u128{31})), bit_and(word, k(31))), word);
  EXPECT_TRUE(ult(word, k(32)).is(Op::equal));
  EXPECT_EQ(ult(word, k(32)).arg(0), extract(63, 5, word));
  EXPECT_EQ(bit_and(lshr(word, k(8)), k(0xffff)), zext(extract(23, 8, word), 64));
  // A byte stored inside: the rest are slices of the older word.
  const Term poked = store(m, add(x, k(3)), h);
  const Term parts[] = {extract(63, 32, word), h, extract(23, 0, word)};
  EXPECT_EQ(load(poked, x, 8), concat(parts));
  EXPECT_NE(extract(39, 8, word), load(m, add(x, k(1)), 4));
}

TEST_F(NormalForms, StoresHaveOneOrder) {
  const Term one = store(store(m, x, a), add(x, k(4)), b);
  const Term two = store(store(m, add(x, k(4)), b), x, a);
  EXPECT_EQ(one, two);
  EXPECT_EQ(one, store(m, x, concat(b, a)));
  EXPECT_EQ(store(store(m, x, a), x, b), store(m, x, b));
  EXPECT_EQ(store(store(m, x, y), add(x, k(16)), z), store(store(m, add(x, k(16)), z), x, y));
  EXPECT_NE(store(store(m, x, y), z, y), store(m, z, y));
  EXPECT_NE(store(store(m, x, a), z, b), store(store(m, z, b), x, a));
  EXPECT_EQ(store(m, x, concat(y, z)), store(store(m, add(x, k(8)), y), x, z));
  EXPECT_EQ(ite(c, store(m, x, y), store(m, x, z)), store(m, x, ite(c, y, z)));
}

TEST_F(NormalForms, BasesAndOffsets) {
  EXPECT_EQ(base_offset(add(x, k(16))).base, x);
  EXPECT_EQ(base_offset(sub(x, k(16))).offset, -16);
  EXPECT_EQ(base_offset(add(add(x, shl(y, k(3))), k(24))).base, add(x, shl(y, k(3))));
  EXPECT_FALSE(base_offset(k(40)).base);
  std::int64_t distance = 0;
  EXPECT_EQ(overlap(x, 4, add(x, k(4)), 4, &distance), Overlap::disjoint);
  EXPECT_EQ(overlap(x, 5, add(x, k(4)), 4, &distance), Overlap::same_base);
  EXPECT_EQ(distance, 4);
  EXPECT_EQ(overlap(x, 4, y, 4, &distance), Overlap::unknown);
  EXPECT_EQ(overlap(add(x, shl(y, k(3))), 4, add(add(x, shl(z, k(3))), k(4)), 4, &distance), Overlap::disjoint);
  EXPECT_EQ(overlap(add(x, shl(y, k(3))), 5, add(add(x, shl(z, k(3))), k(4)), 4, &distance), Overlap::unknown);
}

TEST_F(NormalForms, BoundedIndicesKeepMembersApart) {
  const Term index = zext(extract(6, 0, y), 64), other = zext(extract(6, 0, z), 64);
  const Term element = add(add(x, shl(index, k(3))), k(0x100));  // [x + 0x100, x + 0x500)
  EXPECT_EQ(overlap(x, 0x100, element, 8, nullptr), Overlap::disjoint);
  EXPECT_EQ(overlap(element, 8, x, 0x100, nullptr), Overlap::disjoint);
  EXPECT_EQ(overlap(x, 0x101, element, 8, nullptr), Overlap::unknown);
  EXPECT_EQ(overlap(add(x, k(0x500)), 8, element, 8, nullptr), Overlap::disjoint);
  EXPECT_EQ(overlap(add(x, k(0x4f8)), 8, element, 8, nullptr), Overlap::unknown);
  EXPECT_EQ(overlap(sub(x, k(4)), 4, element, 8, nullptr), Overlap::disjoint);
  // Both ends move.
  const Term below = sub(x, shl(other, k(3)));
  EXPECT_EQ(overlap(below, 0x100, element, 8, nullptr), Overlap::disjoint);
  EXPECT_EQ(overlap(below, 0x101, element, 8, nullptr), Overlap::unknown);
  // An index without a bound goes round.
  EXPECT_EQ(overlap(x, 8, add(add(x, shl(y, k(3))), k(0x100)), 9, nullptr), Overlap::unknown);
}

TEST_F(NormalForms, DeepNestsDoNotExhaustTheStack) {
  Term chain = k(0);
  Term values = x;
  for (unsigned i = 0; i < 5000; ++i) {
    const Term condition = eq(y, k(i + 1));
    chain = ite(condition, k(i * 3 + 7), chain);
    values = ite(condition, add(z, k(i)), mul(values, values));
  }
  EXPECT_FALSE(eq(chain, k(1)).is_true());
  EXPECT_EQ(extract(31, 0, values).width(), 32U);
  EXPECT_EQ(variables_of(values).size(), 3U);
  EXPECT_NE(substitute(chain, {{y, k(5)}}), chain);
  Valuation valuation;
  valuation.scalars[y] = 7;
  EXPECT_EQ(static_cast<unsigned>(evaluate(chain, valuation)), 6U * 3 + 7);
}

}  // namespace
}  // namespace ir
