// SPDX-License-Identifier: Apache-2.0
// The engine with the built-in rules: compiler idioms meet their source form, and near misses do not.
#include <gtest/gtest.h>

#include "ir/build.hpp"
#include "rewrite-rules/rules.hpp"

namespace rules {
namespace {

using ir::Term;

Term var32(const char* name) { return ir::var(name, ir::Sort::bitvec(32)); }
Term c32(std::uint32_t value) { return ir::bv(value, 32); }

class BuiltIn : public ::testing::Test {
 protected:
  Term x = var32("bx");
  Term y = var32("by");
  Term wide = ir::var("bX", ir::Sort::bitvec(64));
  Rewriter rewriter{built_in()};

  void meet(Term a, Term b) {
    EXPECT_NE(a, b) << "the constructors already do this";
    EXPECT_EQ(rewriter(a), rewriter(b));
  }
  void differ(Term a, Term b) { EXPECT_NE(rewriter(a), rewriter(b)); }
};

TEST_F(BuiltIn, AreMoreThanTwenty) {
  EXPECT_GE(built_in().list().size(), 20u);
  for (const RuleInfo& rule : built_in().list()) EXPECT_GT(rule.instances, 0u) << rule.name;
}

TEST_F(BuiltIn, ReluByBic) {
  const Term mask = ir::ashr(x, c32(31));
  meet(ir::bit_and(x, ir::bit_not(mask)), ir::ite(ir::slt(x, c32(0)), c32(0), x));
  differ(ir::bit_and(x, mask), ir::ite(ir::slt(x, c32(0)), c32(0), x));
}

TEST_F(BuiltIn, BothZeroByOr) {
  meet(ir::eq(ir::bit_or(x, y), c32(0)), ir::logical_and(ir::eq(x, c32(0)), ir::eq(y, c32(0))));
  differ(ir::eq(ir::bit_and(x, y), c32(0)), ir::logical_and(ir::eq(x, c32(0)), ir::eq(y, c32(0))));
}

TEST_F(BuiltIn, MaskTestByBics) {
  meet(ir::eq(ir::bit_and(x, y), y), ir::eq(ir::bit_and(y, ir::bit_not(x)), c32(0)));
  differ(ir::eq(ir::bit_and(x, y), y), ir::eq(ir::bit_and(x, ir::bit_not(y)), c32(0)));
}

TEST_F(BuiltIn, MaxOfBothCompilers) {
  meet(ir::ite(ir::ult(y, x), x, y), ir::ite(ir::ult(x, y), y, x));
  differ(ir::ite(ir::ult(y, x), x, y), ir::ite(ir::ult(x, y), x, y));
  differ(ir::ite(ir::slt(y, x), x, y), ir::ite(ir::ult(x, y), y, x));
}

TEST_F(BuiltIn, OutsideRange) {
  EXPECT_EQ(rewriter(ir::ult(ir::sub(x, c32(21)), c32(-11u))), rewriter(ir::ult(c32(10), ir::sub(x, c32(10)))));
  differ(ir::ult(ir::sub(x, c32(21)), c32(-10u)), ir::ult(c32(10), ir::sub(x, c32(10))));
}

TEST_F(BuiltIn, TwoValues) {
  const Term set = ir::logical_or(ir::eq(x, c32(1)), ir::eq(x, c32(3)));
  meet(set, ir::eq(ir::bit_and(x, c32(0xfffffffd)), c32(1)));
  differ(set, ir::eq(ir::bit_and(x, c32(0xfffffffb)), c32(1)));
  meet(ir::logical_or(ir::eq(x, c32(4)), ir::eq(x, c32(5))), ir::ule(ir::sub(x, c32(4)), c32(1)));
  differ(ir::logical_or(ir::eq(x, c32(4)), ir::eq(x, c32(5))), ir::ule(ir::sub(x, c32(4)), c32(2)));
}

TEST_F(BuiltIn, PartOfALongerConjunction) {
  const Term mask = ir::neg(x);
  const Term three = ir::bit_and(ir::bit_and(y, ir::bit_xor(x, ir::sub(x, c32(1)))), x);
  meet(three, ir::bit_and(y, ir::bit_and(x, mask)));
}

TEST_F(BuiltIn, HalfOfARegister) {
  const Term half = ir::extract(31, 0, wide);
  meet(ir::eq(half, ir::sext(ir::extract(7, 0, half), 32)),
       ir::eq(ir::extract(31, 8, ir::add(half, c32(128))), ir::bv(0, 24)));
}

TEST_F(BuiltIn, CountsWhatFired) {
  EXPECT_TRUE(rewriter.applications().empty());
  rewriter(ir::add(ir::bit_and(x, y), ir::bit_or(x, y)));
  EXPECT_EQ(rewriter.applications().at("and-plus-or"), 1u);
  rewriter.reset();
  EXPECT_TRUE(rewriter.applications().empty());
  rewriter(ir::add(x, y));
  EXPECT_TRUE(rewriter.applications().empty()) << "nothing to do is not an application";
}

TEST_F(BuiltIn, DeepTermsDoNotOverflowTheStack) {
  Term deep = x;
  const Term memory = ir::var("bm", ir::Sort::memory());
  for (int i = 0; i < 20000; ++i) deep = ir::load(memory, ir::concat(c32(0), deep), 4);
  EXPECT_EQ(rewriter(deep), deep);
}

}  // namespace
}  // namespace rules
