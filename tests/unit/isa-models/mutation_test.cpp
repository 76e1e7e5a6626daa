// SPDX-License-Identifier: Apache-2.0
// The mutation engine: what it changes, that each judge counts alone, and that survivors need rows and rows need survivors. The
// models' own score is `isa mutate` (test isa_mutate_smoke).
#include "isa-models/conformance/mutate.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "isa-models/model_data.hpp"
#include "models_fixture.hpp"

namespace {

const isa::ModelFiles& shipped_files() {
  static const isa::ModelFiles files = *isa::read_model_files(shipped_directory());
  return files;
}

isa::MutationReport mutated(const std::string& group, const isa::Known* known) {
  isa::MutationOptions options;
  options.group = group;
  options.known = known;
  auto report = isa::mutate(shipped_files(), options);
  if (!report) throw report.error();
  return *report;
}

TEST(Mutation, one_token_of_one_line_is_changed) {
  const auto mutants = isa::mutants_of(shipped_files());
  EXPECT_GT(mutants.size(), 1000U);
  for (const isa::Mutant& mutant : mutants) {
    EXPECT_FALSE(mutant.group.empty()) << mutant.what;
    EXPECT_NE(mutant.what.find("→"), std::string::npos) << mutant.what;
    const auto original = std::find_if(shipped_files().begin(), shipped_files().end(), [&](const auto& file) { return file.first == mutant.file; });
    EXPECT_NE(original->second, mutant.text);
    EXPECT_EQ(std::count(original->second.begin(), original->second.end(), '\n'), std::count(mutant.text.begin(), mutant.text.end(), '\n'));
  }
  for (const isa::GroupData& group : shipped_models().data()->groups) {
    const bool has = std::any_of(mutants.begin(), mutants.end(), [&](const isa::Mutant& mutant) { return mutant.group == group.group.name; });
    EXPECT_TRUE(has || group.decode.empty()) << group.group.name;
  }
}

TEST(Mutation, every_mutant_of_a_simple_group_dies_by_each_executor) {
  const isa::MutationReport report = mutated("MADD, MSUB", nullptr);
  EXPECT_GT(report.verdicts.size(), 10U);
  unsigned loaded = 0;
  for (const isa::MutantVerdict& verdict : report.verdicts) {
    loaded += !verdict.refused;
    EXPECT_TRUE(verdict.refused || verdict.unicorn) << verdict.mutant.what;
    EXPECT_TRUE(verdict.refused || verdict.vixl) << verdict.mutant.what;
  }
  EXPECT_GT(loaded, 8U);
}

TEST(Mutation, shared_functions_are_judged_by_the_groups_that_call_them) {
  const auto users = isa::groups_that_use(shipped_models(), "AddWithCarry");
  EXPECT_NE(std::find(users.begin(), users.end(), "ADC, ADCS, SBC, SBCS"), users.end());
  EXPECT_EQ(std::find(users.begin(), users.end(), "RBIT"), users.end());
  const isa::MutationReport report = mutated("IsZeroBit", nullptr);
  EXPECT_FALSE(report.verdicts.empty());
  for (const isa::MutantVerdict& verdict : report.verdicts) EXPECT_TRUE(verdict.dies()) << verdict.mutant.what;
}

TEST(Mutation, survivors_need_rows_and_rows_need_survivors) {
  // Without disassemblers nobody sees a wrong text.
  isa::Known known;
  const isa::MutationReport bare = mutated("CLREX", &known);
  EXPECT_TRUE(std::all_of(bare.verdicts.begin(), bare.verdicts.end(), [](const auto& verdict) { return verdict.dies(); }));
  const isa::MutationReport shifts = mutated("ADD, ADDS, SUB, SUBS (shifted register)", &known);
  std::vector<std::string> alive;
  for (const isa::MutantVerdict& verdict : shifts.verdicts) {
    if (!verdict.dies()) alive.push_back(verdict.mutant.what);
    EXPECT_EQ(verdict.row, nullptr);
  }
  ASSERT_FALSE(alive.empty());
  for (const std::string& what : alive) known.survivors.push_back({"ADD, ADDS, SUB, SUBS (shifted register)", what, "only the text changes"});
  known.survivors.push_back({"ADD, ADDS, SUB, SUBS (shifted register)", "let N = «64→65»;", "of another time"});
  known.survivors.push_back({"another group", "let N = «64→65»;", "not looked at"});
  const isa::MutationReport again = mutated("ADD, ADDS, SUB, SUBS (shifted register)", &known);
  for (const isa::MutantVerdict& verdict : again.verdicts) EXPECT_EQ(verdict.dies(), verdict.row == nullptr) << verdict.mutant.what;
  ASSERT_EQ(again.stale.size(), 1U);
  EXPECT_EQ(again.stale.front()->reason, "of another time");
}

TEST(Mutation, an_unknown_name_is_an_error) {
  isa::MutationOptions options;
  options.group = "no such group";
  EXPECT_FALSE(isa::mutate(shipped_files(), options));
}

}  // namespace
