// SPDX-License-Identifier: Apache-2.0
// Malformed .isa text: each gives an error with file, line and column, none crashes; beside each the nearest right text.
#include <gtest/gtest.h>

#include <fstream>
#include <random>
#include <sstream>

#include "isa-models/isa.hpp"
#include "models_fixture.hpp"

namespace {

const std::string good = R"(
instruction "ADD"
  encoding 0 0 0 01011 00 0 Rm:5 000000 Rn:5 Rd:5
  decode
    let d = UInt(Rd);
  execute
    X{32}(d) = X{32}(UInt(Rn)) + X{32}(UInt(Rm));
  asm "add <Reg{32}(d)>, <Reg{32}(UInt(Rn))>, <Reg{32}(UInt(Rm))>"
  test d == 31
)";

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

struct Malformed {
  const char* from;
  const char* to;
  std::uint32_t line;
  const char* message;
};

TEST(Language, good_text_loads) {
  const auto models = models_of(good);
  ASSERT_TRUE(models) << models.error().to_string();
  EXPECT_EQ(models->decode(0x0b020020)->text(0), "add w0, w1, w2");
}

TEST(Language, malformed_text_is_located) {
  const Malformed cases[] = {
      {"instruction", "instructoin", 2, "expected `instruction` or `func`"},
      {"\"ADD\"", "ADD", 2, "the group's name in quotes"},
      {"\"ADD\"", "\"ADD", 2, "not closed"},
      {"encoding 0 0 0", "encoding 0 0", 3, "31 bits"},
      {"encoding 0 0 0", "encoding 0 0 0 0", 3, "32 bits"},
      {"encoding 0 0 0", "encoding 0 0 2", 3, "0 and 1"},
      {"Rm:5", "Rn:5", 3, "occurs twice"},
      {"Rm:5", "Rm:99", 3, "1 to 26 bits"},
      {"Rm:5", "Rm:0 0000 0", 3, "1 to 26 bits"},
      {"let d = UInt(Rd);", "let d = UInt(Rx);", 5, "`Rx` is not declared"},
      {"let d = UInt(Rd);", "let d = UInt(Rd)", 6, "expected `;`"},
      {"let d = UInt(Rd);", "let d = UInt(Rd, Rn);", 5, "takes 1 argument"},
      {"let d = UInt(Rd);", "let d = Uint(Rd);", 5, "no function `Uint`"},
      {"let d = UInt(Rd);", "let d = Rd;", 7, "expected integer, found bits"},
      {"let d = UInt(Rd);", "let d = UInt(Rd); let d = 1;", 5, "already declared"},
      {"let d = UInt(Rd);", "let d = UInt(Rd); d = 1;", 5, "not a `var`"},
      {"let d = UInt(Rd);", "let d = UInt(Rd); X{32}(d) = Zeros{32}();", 5, "may not write registers"},
      {"let d = UInt(Rd);", "let d = UInt(Rd) + 99;", 8, "no register has this number"},
      {"X{32}(d) =", "X{64}(d) =", 7, "32 bits, expected the place's 64"},
      {"X{32}(d) =", "X{32}(d, d) =", 7, "takes 1 argument"},
      {"X{32}(d) =", "X(d) =", 7, "takes 1 width"},
      {"X{32}(d) =", "UInt(Rd) =", 7, "cannot be assigned"},
      {"X{32}(d) =", "X{32}(d) == ", 7, "expected `;`"},
      {"X{32}(UInt(Rn)) +", "X{64}(UInt(Rn)) +", 7, "64 and 32 bits, expected equal widths"},
      {"X{32}(UInt(Rn)) +", "Rn +", 7, "5 and 32 bits"},
      {"X{32}(UInt(Rn)) +", "UInt(Rn) +", 7, "expected integer, found bits"},
      {"X{32}(UInt(Rn)) +", "if IsZero(X{32}(1)) then Mem{32}(X{64}(1)) else", 7, "under a condition"},
      {"X{32}(UInt(Rn)) +", "Bits{32}(UInt(X{32}(1))) +", 7, "known from the word alone"},
      {"X{32}(d) =", "UNDEFINED; X{32}(d) =", 7, "belong to the decode section"},
      {"X{32}(d) =", "return 1; X{32}(d) =", 7, "`return` outside a function"},
      {"asm \"add", "asm \"<add", 8, "has no `>`"},
      {"asm \"add", "asm \"<a|b>", 8, "need `: expression`"},
      {"asm \"add", "asm \"<a|b:Rd>", 8, "no such alternative"},
      {"asm \"add", "asm \"<Rq>", 8, "`Rq` is not declared"},
      {"test d == 31", "test d", 9, "expected boolean, found integer"},
      {"test d == 31", "test d == '1'", 9, "expected integer, found bits"},
      {"test d == 31", "test d == 31 $", 9, "unexpected character"},
      {"test d == 31", "test d == 99999999999999999999999999999999999999999", 9, "at most 64 bits"},
  };
  for (const Malformed& item : cases) {
    const auto models = models_of(replaced(good, item.from, item.to));
    ASSERT_FALSE(models) << item.from << " -> " << item.to;
    const ir::Error& error = models.error();
    EXPECT_EQ(error.code, "isa-model");
    EXPECT_EQ(error.where.line, item.line) << error.to_string();
    EXPECT_GT(error.where.column, 0U) << error.to_string();
    EXPECT_NE(error.where.file.find("test.isa"), std::string::npos);
    EXPECT_NE(error.message.find(item.message), std::string::npos) << item.to << ": " << error.to_string();
  }
}

TEST(Language, an_error_between_two_blocks_is_in_neither) {
  const auto between = models_of(good + "nonsense\n" + replaced(good, "\"ADD\"", "\"ADD2\""));
  ASSERT_FALSE(between);
  EXPECT_EQ(between.error().message.find(", in "), std::string::npos) << between.error().to_string();
  const auto inside = models_of(replaced(good, "Rm:5", "Rm:99"));
  EXPECT_NE(inside.error().message.find(", in instruction \"ADD\""), std::string::npos) << inside.error().to_string();
}

TEST(Language, overlapping_groups_need_refines) {
  const std::string second = replaced(replaced(good, "\"ADD\"", "\"ADD2\""), "Rn:5 Rd:5", "00001 Rd:5");
  const std::string fixed = replaced(second, "UInt(Rn)", "1");
  const std::string other = replaced(fixed, "UInt(Rn)", "1");
  const auto overlap = models_of(good + other);
  ASSERT_FALSE(overlap);
  EXPECT_NE(overlap.error().message.find("overlaps that of \"ADD\""), std::string::npos) << overlap.error().to_string();
  EXPECT_EQ(overlap.error().where.line, 12U);
  const auto refined = models_of(good + replaced(other, "\"ADD2\"", "\"ADD2\"\n  refines \"ADD\""));
  ASSERT_TRUE(refined) << refined.error().to_string();
  EXPECT_EQ(refined->decode(0x0b020020)->group().name, "ADD2");
  EXPECT_EQ(refined->decode(0x0b020040)->group().name, "ADD");
  EXPECT_FALSE(models_of(good + replaced(other, "\"ADD2\"", "\"ADD2\"\n  refines \"SUB\"")));
}

TEST(Language, deep_nesting_is_an_error) {
  const std::string deep(5000, '(');
  const auto models = models_of(replaced(good, "UInt(Rd)", deep + "1" + std::string(5000, ')')));
  ASSERT_FALSE(models);
  EXPECT_NE(models.error().message.find("nested too deeply"), std::string::npos);
}

TEST(Language, endless_recursion_and_loops_are_errors) {
  const std::string recursion = "func F(n: integer) => integer return F(n + 1); end\n";
  EXPECT_FALSE(models_of(recursion + replaced(good, "UInt(Rd);", "F(1);")));
  EXPECT_FALSE(models_of(replaced(good, "let d = UInt(Rd);", "let d = 0; for i = 0 to 99999999 do let q = i; end")));
}

TEST(Language, missing_directory_and_empty_directory) {
  EXPECT_FALSE(isa::Models::load("/nonexistent/models"));
  EXPECT_FALSE(models_of(""));
}

/// Every one-byte damage of real model text either loads or gives a located error.
TEST(Language, damaged_text_never_crashes) {
  std::ifstream input(shipped_directory() + "/branches.isa");
  std::ostringstream stream;
  stream << std::ifstream(shipped_directory() + "/prelude.isa").rdbuf() << input.rdbuf();
  const std::string text = stream.str();
  std::mt19937_64 random(9);
  unsigned refused = 0;
  for (unsigned i = 0; i < 400; ++i) {
    std::string damaged = text;
    const std::size_t at = random() % damaged.size();
    switch (random() % 3) {
      case 0: damaged[at] = static_cast<char>(random()); break;
      case 1: damaged.erase(at, 1 + random() % 8); break;
      default: damaged.insert(at, 1, "{}()<>'\";:0 "[random() % 12]);
    }
    const auto models = models_of(damaged);
    if (models) continue;
    ++refused;
    EXPECT_EQ(models.error().code, "isa-model");
    EXPECT_GT(models.error().where.line, 0U) << models.error().to_string();
  }
  EXPECT_GT(refused, 100U);
}

}  // namespace
