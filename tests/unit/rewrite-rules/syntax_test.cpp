// SPDX-License-Identifier: Apache-2.0
// The reader of rule files: what it takes, and for each kind of mistake where and how it says so.
#include <gtest/gtest.h>

#include <string>

#include "rewrite-rules/rules.hpp"
#include "rewrite-rules/syntax.hpp"

namespace rules {
namespace {

const char* const good = R"(# lowest set bit
rule lowest {
  origin: Hacker's Delight 2-1
  widths: 8 32
  var x: bits w
  var b: bool
  const c: bits 4
  int k: 1 .. (- w 1)
  when: (< k 5)
  when: (ult c 3)
  match: (bvand x   (sub x
                      1))
  result: x
  wrong: (neg x)
}
)";

std::string error_of(const std::string& text) {
  const auto parsed = parse(text, "f.rules");
  return parsed ? "" : parsed.error().to_string();
}

std::string replaced(const std::string& from, const std::string& to) {
  std::string text = good;
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

TEST(Syntax, ReadsEveryKindOfField) {
  const auto parsed = parse_syntax(good, "f.rules");
  ASSERT_TRUE(parsed) << parsed.error().to_string();
  ASSERT_EQ(parsed->size(), 1u);
  const RuleSyntax& rule = parsed->front();
  EXPECT_EQ(rule.name, "lowest");
  EXPECT_EQ(rule.origin, "Hacker's Delight 2-1");
  EXPECT_EQ(rule.widths, (std::vector<unsigned>{8, 32}));
  ASSERT_EQ(rule.declarations.size(), 4u);
  EXPECT_EQ(rule.declarations[1].kind, Declaration::Kind::boolean);
  EXPECT_EQ(rule.declarations[2].kind, Declaration::Kind::constant);
  EXPECT_EQ(to_text(rule.declarations[3].high), "(- w 1)");
  EXPECT_EQ(rule.conditions.size(), 2u);
  EXPECT_EQ(to_text(rule.match), "(bvand x (sub x 1))");
  EXPECT_EQ(rule.where.line, 2u);
  EXPECT_EQ(rule.where.column, 6u);
}

struct Mistake {
  const char* from;
  const char* to;
  const char* message;
};

TEST(Syntax, SaysWhereAndWhatWasExpected) {
  const Mistake mistakes[] = {
      {"rule lowest", "rool lowest", "f.rules:2:1: found 'rool', expected 'rule' or the end of the file [rules-syntax]"},
      {"rule lowest", "rule 7up", "f.rules:2:6: found '7up', expected a rule's name [rules-syntax]"},
      {"lowest {", "lowest (", "f.rules:2:13: rule 'lowest': found '(', expected '{' [rules-syntax]"},
      {"8 32", "8 129", "f.rules:4:13: rule 'lowest': found '129', expected a width from 1 to 128, or a range like 2..64 [rules-syntax]"},
      {"8 32", "9..8", "f.rules:4:11: rule 'lowest': found '9..8', expected a width from 1 to 128, or a range like 2..64 [rules-syntax]"},
      {"8 32", "8 8", "f.rules:4:13: rule 'lowest': found '8', expected a width that is not listed yet [rules-syntax]"},
      {"8 32", "", "f.rules:5:3: rule 'lowest': found 'var', expected a width from 1 to 128, or a range like 2..64 [rules-syntax]"},
      {"Hacker's Delight 2-1", "", "f.rules:3:3: rule 'lowest': 'origin:' is empty, expected where the idiom is from [rules-syntax]"},
      {"b: bool", "b: real", "f.rules:6:10: rule 'lowest': found 'real', expected 'bits' or 'bool' [rules-syntax]"},
      {"1 ..", "1 to", "f.rules:8:12: rule 'lowest': found 'to', expected '..' [rules-syntax]"},
      {"result: x", "resolt: x", "f.rules:13:3: rule 'lowest': found 'resolt', expected a field (origin, widths, var, const, int, when, order, match, result, wrong) or '}' [rules-syntax]"},
      {"wrong: (neg x)", "", "f.rules:2:6: rule 'lowest': there is no 'wrong:', expected in every rule [rules-syntax]"},
      {"wrong: (neg x)", "result: x", "f.rules:14:3: rule 'lowest': 'result:' stands twice in this rule [rules-syntax]"},
      {"(neg x)", "()", "f.rules:14:11: rule 'lowest': found ')', expected an operator [rules-syntax]"},
      {"(neg x)\n}", "(neg x", "f.rules:15:1: rule 'lowest': found the end of the file, expected an expression [rules-syntax]"},
  };
  for (const Mistake& mistake : mistakes) EXPECT_EQ(error_of(replaced(mistake.from, mistake.to)), mistake.message);
}

TEST(Syntax, SaysWhichTypeWasExpected) {
  const Mistake mistakes[] = {
      {"(neg x)", "(nag x)", "f.rules:14:10: rule 'lowest' at w=8: found 'nag', expected an operator (README.md lists them) [rules-type]"},
      {"(neg x)", "(neg y)", "f.rules:14:15: rule 'lowest' at w=8: found 'y', expected a declared name [rules-type]"},
      {"(neg x)", "(neg x x)", "f.rules:14:10: rule 'lowest' at w=8: 'neg' has 2 operands, expected 1 [rules-type]"},
      {"(neg x)", "(neg b)", "f.rules:14:15: rule 'lowest' at w=8: found bool, expected bits 8 [rules-type]"},
      {"(neg x)", "b", "f.rules:14:10: rule 'lowest' at w=8: found bool, expected bits 8 [rules-type]"},
      {"(neg x)", "(add x c)", "f.rules:14:17: rule 'lowest' at w=8: found bits 4, expected bits 8 [rules-type]"},
      {"(neg x)", "(add x 256)", "f.rules:14:17: rule 'lowest' at w=8: the value 256 does not fit, expected at most 8 bits [rules-type]"},
      {"(neg x)", "(extract k 8 x)", "f.rules:14:21: rule 'lowest' at w=8: the value is 8, expected the index of a bit not above the first [rules-type]"},
      {"(neg x)", "(ite (eq 1 2) x x)", "f.rules:14:19: rule 'lowest' at w=8: the width of this number is not known, expected (bv VALUE WIDTH) [rules-type]"},
      {"bits 4", "bits 129", "f.rules:7:17: rule 'lowest' at w=8: the value is 129, expected a width from 1 to 128 [rules-type]"},
      {"var b: bool", "var x: bool", "f.rules:6:7: rule 'lowest' at w=8: 'x' is declared twice, expected another name [rules-type]"},
      {"(- w 1)", "(<< w 200)", "f.rules:8:15: rule 'lowest' at w=8: the integer does not fit, expected at most 126 bits [rules-type]"},
      {"(- w 1)", "(<< w 20)", "f.rules:8:7: rule 'lowest' at w=8: the range is too long, expected at most 4096 values [rules-type]"},
      {"(< k 5)", "(ult b c)", "f.rules:9:16: rule 'lowest' at w=8: found bits 4, expected bool [rules-type]"},
  };
  for (const Mistake& mistake : mistakes) EXPECT_EQ(error_of(replaced(mistake.from, mistake.to)), mistake.message);
  EXPECT_EQ(error_of(good), "");
}

TEST(Syntax, EveryPrefixIsReadOrRefused) {
  const std::string text = good;
  for (std::size_t length = 0; length < text.size(); ++length) {
    const auto parsed = parse(text.substr(0, length), "f.rules");
    const bool only_blank = text.substr(0, length).find("rule") == std::string::npos && length <= 17;
    EXPECT_EQ(static_cast<bool>(parsed), only_blank || length + 1 == text.size()) << length;
  }
}

TEST(Syntax, DepthIsLimited) {
  std::string deep = "x";
  for (int i = 0; i < 10000; ++i) deep = "(neg " + deep + ")";
  EXPECT_NE(error_of(replaced("(neg x)", deep)).find("nested at most 64 deep"), std::string::npos);
}

TEST(Syntax, NamesAreUniqueOverFiles) {
  EXPECT_NE(error_of(std::string(good) + good).find("the name is taken"), std::string::npos);
  EXPECT_EQ(load({"/no/such.rules"}).error().code, "rules-file");
}

}  // namespace
}  // namespace rules
