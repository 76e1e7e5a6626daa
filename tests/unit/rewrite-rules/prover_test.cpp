// SPDX-License-Identifier: Apache-2.0
// The prover accepts a right rule and names what is wrong with each kind of bad one.
#include <gtest/gtest.h>

#include <string>

#include "rewrite-rules/rules.hpp"

namespace rules {
namespace {

std::string rule(const std::string& declarations, const std::string& match, const std::string& result,
                 const std::string& wrong, const std::string& widths = "8 32") {
  return "rule r { origin: test\n widths: " + widths + "\n" + declarations + "\n match: " + match + "\n result: " + result +
         "\n wrong: " + wrong + "\n}\n";
}

RuleProof prove_one(const std::string& text) {
  const auto set = parse(text, "t.rules");
  if (!set) {
    ADD_FAILURE() << set.error().to_string();
    return {};
  }
  const ProofReport report = prove(*set);
  EXPECT_EQ(report.rules.size(), 1u);
  EXPECT_EQ(report.ok(), report.rules[0].verdict == RuleVerdict::proved);
  return report.rules[0];
}

const std::string xy = "var x: bits w var y: bits w";
const std::string parts = "(add (bvand x y) (bvor x y))";

TEST(Prover, ProvesASoundRuleAndRefutesItsTwin) {
  const RuleProof proof = prove_one(rule(xy, parts, "(add x y)", "(bvor x y)"));
  EXPECT_EQ(proof.verdict, RuleVerdict::proved) << proof.text;
  EXPECT_EQ(proof.instances, 2u);
  EXPECT_EQ(proof.exhaustive_points, 4u + 16 + 64 + 256 + 1024 + 4096);
  EXPECT_NE(proof.wrong_refuted.find("w=8: x="), std::string::npos) << proof.wrong_refuted;
}

TEST(Prover, RefutesAnUnsoundRuleWithItsInput) {
  const RuleProof proof = prove_one(rule(xy, parts, "(bvxor x y)", "x"));
  EXPECT_EQ(proof.verdict, RuleVerdict::unsound);
  EXPECT_EQ(proof.text, "w=2: x=0x1, y=0x1: match is 0x2, result is 0x0");
}

TEST(Prover, FindsWhatFailsOnOneInputOnly) {
  const RuleProof proof =
      prove_one(rule(xy, "(add (bvand x y) (bvor x y) (udiv x y))", "(ite (eq x 0xdeadbeef) y (add x y (udiv x y)))", "x", "32"));
  EXPECT_EQ(proof.verdict, RuleVerdict::unsound);
  EXPECT_NE(proof.text.find("x=0xdeadbeef"), std::string::npos) << proof.text;
}

TEST(Prover, WantsTheTwinRefutedAtEveryWidth) {
  const RuleProof proof = prove_one(rule(xy, parts, "(add x y)", "(add y x)"));
  EXPECT_EQ(proof.verdict, RuleVerdict::wrong_not_refuted);
  const RuleProof one_input = prove_one(rule(xy, "(eq (bvxor x y) 0)", "(eq x y)", "(and (eq x y) (ne x 0x3c))"));
  EXPECT_EQ(one_input.verdict, RuleVerdict::proved) << one_input.text;
  EXPECT_NE(one_input.wrong_refuted.find("x=0x3c, y=0x3c"), std::string::npos) << one_input.wrong_refuted;
}

TEST(Prover, RejectsConditionsThatNothingSatisfies) {
  const RuleProof proof = prove_one(rule(xy + " when: (and (ult x y) (ult y x))", parts, "(add x y)", "x"));
  EXPECT_EQ(proof.verdict, RuleVerdict::vacuous);
  const RuleProof integers = prove_one(rule(xy + " when: (< w 32)", parts, "(add x y)", "x"));
  EXPECT_EQ(integers.verdict, RuleVerdict::vacuous);
  EXPECT_NE(integers.text.find("w=32"), std::string::npos) << "width 8 has instances";
}

TEST(Prover, RejectsWhatTheConstructorsDo) {
  EXPECT_EQ(prove_one(rule(xy, "(sub (add x y) y)", "x", "y")).verdict, RuleVerdict::redundant);
}

TEST(Prover, RejectsAHeavierResult) {
  EXPECT_EQ(prove_one(rule(xy, "(add x y)", parts, "x")).verdict, RuleVerdict::not_decreasing);
}

TEST(Prover, RejectsARuleThatUndoesItself) {
  EXPECT_EQ(prove_one(rule(xy, "(ite (ult y x) x y)", "(ite (ult x y) y x)", "x")).verdict, RuleVerdict::not_decreasing);
  EXPECT_EQ(prove_one(rule(xy + " order: x y", "(ite (ult y x) x y)", "(ite (ult x y) y x)", "x")).verdict, RuleVerdict::proved);
}

TEST(Prover, RejectsAPatternThatDoesNotBindTheResult) {
  const RuleProof proof = prove_one(rule(xy, "(bvand x (neg x))", "(bvand (bvxor x y) (bvxor y x (neg x) x) (bvxor x y) -1)", "y"));
  EXPECT_NE(proof.verdict, RuleVerdict::proved);
  EXPECT_EQ(prove_one(rule(xy + " when: (ule y x)", "(sub x (bvand x (neg x)))", "(bvand x (sub x 1))", "0")).verdict,
            RuleVerdict::unmatchable);
}

TEST(Prover, AnEmptyFileIsNotAProof) {
  const auto set = parse("# nothing\n", "t.rules");
  ASSERT_TRUE(set);
  EXPECT_FALSE(prove(*set).ok());
}

}  // namespace
}  // namespace rules
