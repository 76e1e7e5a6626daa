// SPDX-License-Identifier: Apache-2.0
// The witness: both disassemblers, who is asked, and what a disagreement does.
#include <gtest/gtest.h>

#include <fstream>

#include "tests/unit/binary/compiled.hpp"
#include "validator/binary/words.hpp"

using namespace validator::binary;

namespace {

constexpr std::uint32_t add_word = 0x8b020020;    // add x0, x1, x2
constexpr std::uint32_t branch_word = 0x14000002; // b .+8
constexpr std::uint32_t ldadd_word = 0xf8210040;  // ldadd x1, x0, [x2]
constexpr std::uint32_t udf_word = 0x00000007;    // udf #7
constexpr std::uint32_t debug_word = 0xd5330ab7;  // mrs x23, s2_3_c0_c10_5
constexpr std::uint32_t paciasp_word = 0xd503233f;
constexpr std::uint32_t load_vector_word = 0x3dc00020;  // ldr q0, [x1]: a model, but no place in a proof
constexpr std::uint32_t fadd_word = 0x1e622820;   // fadd d0, d1, d2: no model

const isa::Models& models() {
  static const isa::Models loaded = [] {
    auto result = isa::Models::load(isa::Models::default_directory());
    if (!result) throw std::runtime_error(result.error().to_string());
    return std::move(*result);
  }();
  return loaded;
}

/// Says one thing about every word.
class Parrot final : public Disassembler {
 public:
  Parrot(std::string name, std::string says) : name_(std::move(name)), says_(std::move(says)) {}
  std::string name() const override { return name_; }
  std::string text(std::uint32_t, std::uint64_t) override { return says_; }

 private:
  std::string name_, says_;
};

Witness parrots(const std::string& first, const std::string& second, std::vector<WitnessDefect> defects = {}) {
  std::vector<std::unique_ptr<Disassembler>> readers;
  readers.push_back(std::make_unique<Parrot>("first", first));
  readers.push_back(std::make_unique<Parrot>("second", second));
  return Witness(std::move(readers), std::move(defects));
}

Witness::Answer ask(Witness& witness, std::uint32_t word) {
  const auto decoded = models().decode(word);
  EXPECT_TRUE(decoded);
  return witness.check(models(), *decoded, 0x1000);
}

}  // namespace

TEST(Witness, disassemblers_give_absolute_targets) {
  const auto capstone = make_capstone(), llvm = make_llvm();
  ASSERT_NE(capstone, nullptr);
  ASSERT_NE(llvm, nullptr);
  for (const auto* reader : {capstone.get(), llvm.get()}) {
    EXPECT_NE(reader == capstone.get() ? capstone->text(branch_word, 0x1000).find("1008") : llvm->text(branch_word, 0x1000).find("1008"), std::string::npos);
  }
}

TEST(Witness, real_ones_agree_and_llvm_knows_what_capstone_does_not) {
  auto witness = Witness::open();
  ASSERT_TRUE(witness) << witness.error().to_string();
  EXPECT_EQ(ask(**witness, add_word).witness, "Capstone");
  EXPECT_EQ(ask(**witness, add_word).verdict, Witness::Verdict::agrees);
  for (const std::uint32_t word : {ldadd_word, udf_word}) {
    const Witness::Answer answer = ask(**witness, word);
    EXPECT_EQ(answer.verdict, Witness::Verdict::agrees) << answer.text;
    EXPECT_EQ(answer.witness, "LLVM");
  }
}

TEST(Witness, a_listed_defect_moves_the_question_on) {
  auto witness = Witness::open();
  ASSERT_TRUE(witness);
  const Witness::Answer answer = ask(**witness, debug_word);
  EXPECT_EQ(answer.witness, "LLVM");
  EXPECT_EQ(answer.verdict, Witness::Verdict::agrees) << answer.text;
  EXPECT_NE(make_capstone()->text(debug_word, 0).find("s3_"), std::string::npos) << "the row can go when Capstone is right";
}

TEST(Witness, the_first_that_knows_the_word_decides) {
  Witness good = parrots("add x0, x1, x2", "nonsense");
  EXPECT_EQ(ask(good, add_word).verdict, Witness::Verdict::agrees);
  Witness wrong = parrots("add x0, x1, x3", "add x0, x1, x2");
  EXPECT_EQ(ask(wrong, add_word).verdict, Witness::Verdict::disagrees);
  Witness silent = parrots("", "add x0, x1, x2");
  EXPECT_EQ(ask(silent, add_word).witness, "second");
  Witness mute = parrots("", "");
  EXPECT_EQ(ask(mute, add_word).verdict, Witness::Verdict::unknown);
}

TEST(Witness, a_defect_row_never_lets_a_word_through_unread) {
  Witness skipped = parrots("add x0, x1, x3", "add x0, x1, x2", {{"first", add_word, 0xffffffff, "note"}});
  EXPECT_EQ(ask(skipped, add_word).verdict, Witness::Verdict::agrees);
  Witness still_wrong = parrots("add x0, x1, x3", "add x0, x1, x4", {{"first", add_word, 0xffffffff, "note"}});
  EXPECT_EQ(ask(still_wrong, add_word).verdict, Witness::Verdict::disagrees);
  Witness nobody = parrots("add x0, x1, x2", "", {{"first", add_word, 0xffffffff, "note"}});
  EXPECT_EQ(ask(nobody, add_word).verdict, Witness::Verdict::unknown);
}

TEST(WordLifter, refuses_what_the_witness_reads_otherwise) {
  Witness good = parrots("add x0, x1, x2", "");
  EXPECT_TRUE(WordLifter(models(), &good).lift(add_word, 0x1000));
  Witness wrong = parrots("add x0, x1, x3", "");
  const auto refused = WordLifter(models(), &wrong).lift(add_word, 0x1000);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, "witness-disagrees");
  for (const char* part : {"0x1000", "0x8b020020", "add x0, x1, x3", "witness_defects.tsv"}) {
    EXPECT_NE(refused.error().message.find(part), std::string::npos) << refused.error().message;
  }
  Witness mute = parrots("", "");
  EXPECT_EQ(WordLifter(models(), &mute).lift(add_word, 0x1000).error().code, "witness-unknown");
  EXPECT_EQ(WordLifter(models(), nullptr).lift(fadd_word, 0x1000).error().code, isa::no_model);
  EXPECT_EQ(WordLifter(models(), nullptr).lift(load_vector_word, 0x1000).error().code, isa::vector_register);
  EXPECT_EQ(WordLifter(models(), nullptr).lift(paciasp_word, 0x1000).error().code, isa::feature_hint);
}

TEST(WitnessDefects, reads_rows_and_names_bad_ones) {
  const auto read = [](const std::string& text) {
    const std::string path = binary_test::work_folder() + "/defects.tsv";
    std::ofstream(path) << text;
    return read_witness_defects(path);
  };
  const auto good = read("# comment\nCapstone\t0x10\t0xff\twhy\n");
  ASSERT_TRUE(good);
  ASSERT_EQ(good->size(), 1U);
  EXPECT_EQ(good->front().mask, 0xffU);
  for (const char* bad : {"Capstone\t0x10\t0xff\n", "Capstone\t10\t0xff\twhy\n", "Capstone\t0x100\t0xff\twhy\n", "\t0x10\t0xff\twhy\n", "Capstone\t0x10\t0xff\t\n"}) {
    const auto rows = read(std::string("# comment\n") + bad);
    ASSERT_FALSE(rows) << bad;
    EXPECT_EQ(rows.error().where.line, 2U);
  }
  EXPECT_FALSE(read_witness_defects("/no/such/table.tsv"));
}
