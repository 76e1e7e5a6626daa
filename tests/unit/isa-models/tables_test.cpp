// SPDX-License-Identifier: Apache-2.0
// sysregs.tsv and sysops.tsv against LLVM and GNU binutils: every encoding goes through both disassemblers, and whatever one of
// them prints with a name stands in the table under that name; every row goes through an assembler, which gives its encoding and access.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "assemblers.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/names.hpp"
#include "models_fixture.hpp"

namespace {

const isa::ModelData& tables() { return *shipped_models().data(); }

constexpr std::uint32_t register_word(unsigned encoding, bool read) {
  return 0xd5100000U | (read ? 1U << 21 : 0U) | (encoding & 0x7fffU) << 5;
}
constexpr std::uint32_t operation_word(unsigned encoding, unsigned rt) { return 0xd5080000U | encoding << 5 | rt; }

/// The tables name later registers, too, so the disassemblers may know everything.
struct Reader {
  const char* name;
  std::vector<std::string> (*texts)(const std::vector<std::uint32_t>&);
};
const Reader readers[] = {{"llvm", assemblers::llvm_texts}, {"gnu", assemblers::gnu_texts}};

bool is_code(const std::string& name) { return name.starts_with("s2_") || name.starts_with("s3_"); }

/// Names that a reader spells otherwise have a row in aliases.tsv.
std::string register_of(const std::string& text) {
  for (const std::string& token : assemblers::operands(text))
    if (token != "x0") {
      const auto other = tables().token_aliases.find(token);
      return other == tables().token_aliases.end() ? token : other->second;
    }
  return {};
}

void expect_agreement(std::uint32_t word, std::size_t index, const std::string& theirs) {
  const auto decoded = shipped_models().decode(word);
  if (!decoded) return;
  const std::string ours = decoded->text(assemblers::text_address + 4 * index);
  EXPECT_TRUE(isa::texts_agree(shipped_models(), ours, theirs)) << ours << " | " << theirs;
}

class BothReaders : public testing::TestWithParam<Reader> {};
INSTANTIATE_TEST_SUITE_P(Tables, BothReaders, testing::ValuesIn(readers), [](const auto& info) { return std::string(info.param.name); });

TEST_P(BothReaders, print_no_register_that_the_table_lacks) {
  std::size_t named = 0;
  for (const bool read : {false, true}) {
    std::vector<std::uint32_t> words;
    for (unsigned encoding = 2U << 14; encoding < 4U << 14; ++encoding) words.push_back(register_word(encoding, read));
    const std::vector<std::string> texts = GetParam().texts(words);
    ASSERT_EQ(texts.size(), words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      const unsigned encoding = (2U << 14) + static_cast<unsigned>(i);
      expect_agreement(words[i], i, texts[i]);
      const std::string name = register_of(texts[i]);
      if (name.empty() || is_code(name)) continue;
      ++named;
      const auto row = tables().register_names.find(name);
      EXPECT_TRUE(row != tables().register_names.end() && row->second == encoding) << texts[i] << " is not in sysregs.tsv";
    }
  }
  EXPECT_GT(named, 1000U);
}

TEST_P(BothReaders, print_no_operation_that_the_table_lacks) {
  std::size_t named = 0;
  for (const unsigned rt : {0U, 31U}) {
    std::vector<std::uint32_t> words;
    for (unsigned encoding = 0; encoding < 1U << 14; ++encoding) words.push_back(operation_word(encoding, rt));
    const std::vector<std::string> texts = GetParam().texts(words);
    ASSERT_EQ(texts.size(), words.size());
    for (std::size_t i = 0; i < words.size(); ++i) {
      expect_agreement(words[i], i, texts[i]);
      if (texts[i].starts_with("sys")) continue;
      ++named;
      const std::string name = assemblers::without_last_register(texts[i]);
      const auto row = tables().sys_names.find(name);
      EXPECT_TRUE(row != tables().sys_names.end() && row->second == i) << texts[i] << " is not in sysops.tsv";
    }
  }
  EXPECT_GT(named, 200U);
}

/// Rows that LLVM 19 does not know: only GNU's name is checked.
bool llvm_lacks(const isa::SystemRegister& row) { return row.since == "CSRE"; }

TEST(Tables, assemblers_give_every_register_its_encoding_and_access) {
  std::vector<std::string> lines;
  std::vector<std::optional<std::uint32_t>> wanted;
  for (const auto& [name, encoding] : tables().register_names) {
    const isa::SystemRegister& row = tables().registers.at(encoding);
    if (llvm_lacks(row)) continue;
    // Of two names for one encoding each has its own direction.
    const bool first = name == assemblers::lower(row.name);
    const bool shared = row.readable && row.writable && (name.starts_with("dbgdtr") && name != "dbgdtr_el0");
    const bool readable = shared ? first : row.readable;
    const bool writable = shared ? !first : row.writable;
    lines.push_back("mrs x0, " + name);
    wanted.push_back(readable ? std::optional(register_word(encoding, true)) : std::nullopt);
    lines.push_back("msr " + name + ", x0");
    wanted.push_back(writable ? std::optional(register_word(encoding, false)) : std::nullopt);
  }
  const auto words = assemblers::llvm_words(lines);
  ASSERT_EQ(words.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(words[i], wanted[i]) << lines[i];
}

TEST(Tables, assemblers_give_every_operation_its_encoding_and_operand) {
  std::vector<std::string> lines;
  std::vector<std::optional<std::uint32_t>> wanted;
  for (const auto& [name, encoding] : tables().sys_names) {
    if (name == "dc cipapa" || name == "dc cigdpapa") continue;  // LLVM 19 does not know FEAT_RME's
    const bool takes = isa::operation_takes_operand(tables(), encoding);
    lines.push_back(name);
    wanted.push_back(takes ? std::nullopt : std::optional(operation_word(encoding, 31)));
    lines.push_back(name + (name.find(' ') == std::string::npos ? " x1" : ", x1"));
    wanted.push_back(takes ? std::optional(operation_word(encoding, 1)) : std::nullopt);
  }
  const auto words = assemblers::llvm_words(lines);
  ASSERT_EQ(words.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_EQ(words[i], wanted[i]) << lines[i];
}

/// What an ARMv8.2 processor with its optional extensions, GICv3 and ETMv4 may have.
const std::set<std::string> up_to_v8_2 = {"v8.0",     "v8.2",     "FEAT_VHE", "FEAT_LOR",  "FEAT_PAN", "FEAT_UAO",
                                          "FEAT_RAS", "FEAT_SPE", "GICv3",    "ETMv4"};

TEST(Tables, rows_up_to_v8_2_assemble_for_v8_2) {
  std::vector<std::string> lines;
  for (const auto& [encoding, row] : tables().registers)
    if (up_to_v8_2.contains(row.since)) lines.push_back(row.readable ? "mrs x0, " + row.name : "msr " + row.name + ", x0");
  EXPECT_GT(lines.size(), 600U);
  const auto words = assemblers::llvm_words(lines, "+v8.2a,+ras,+spe");
  ASSERT_EQ(words.size(), lines.size());
  for (std::size_t i = 0; i < lines.size(); ++i) EXPECT_TRUE(words[i]) << lines[i];
}

TEST(Tables, lowest_exception_levels_follow_the_encoding) {
  // Arm ARM C5.1.3: op1 says the lowest level; 5 (EL12, EL02) is EL2, 7 is EL1 in Secure state.
  constexpr unsigned level[] = {1, 1, 1, 0, 2, 2, 3, 1};
  for (const auto& [encoding, row] : tables().registers) {
    // Debug registers use op1 otherwise; an IMPLEMENTATION DEFINED one may do what it likes.
    if (encoding >> 14 == 2 || row.since == "Apple") continue;
    EXPECT_EQ(row.lowest_el, level[encoding >> 11 & 7]) << row.name;
  }
  for (const auto& [key, row] : tables().operations)
    if (row.kind == "sys") { EXPECT_EQ(row.lowest_el, level[row.encoding >> 11]) << row.name; }
}

}  // namespace
