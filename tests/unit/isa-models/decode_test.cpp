// SPDX-License-Identifier: Apache-2.0
// The decoder: reasons for refusal, and no word that two unrelated groups match.
#include <gtest/gtest.h>

#include <random>

#include "isa-models/check.hpp"
#include "isa-models/conformance/known.hpp"
#include "isa-models/isa.hpp"
#include "isa-models/model_data.hpp"
#include "models_fixture.hpp"

namespace {

std::string reason(std::uint32_t word) {
  const auto decoded = shipped_models().decode(word);
  return decoded ? "ok" : decoded.error().code;
}

TEST(Decode, refusals_have_their_reason) {
  EXPECT_EQ(reason(0x1e602800), "isa-no-model");  // fadd d0, d0, d0
}

TEST(Decode, pinned_words_have_their_outcome) {
  const auto known = isa::Known::load(isa::Known::default_directory());
  ASSERT_TRUE(known) << known.error().to_string();
  EXPECT_GT(known->pins.size(), 20U);
  for (const isa::Pin& pin : known->pins) EXPECT_EQ(reason(pin.word), pin.outcome) << std::hex << pin.word << ": " << pin.reason;
}

TEST(Decode, registers_are_read_and_written_only_as_their_table_says) {
  EXPECT_EQ(reason(0xd5380000), "ok");             // mrs x0, midr_el1
  EXPECT_EQ(reason(0xd5180000), "isa-undefined");  // msr midr_el1, x0
  EXPECT_EQ(reason(0xd51b9c80), "ok");             // msr pmswinc_el0, x0
  EXPECT_EQ(reason(0xd53b9c80), "isa-undefined");  // mrs x0, pmswinc_el0
  EXPECT_EQ(reason(0xd5330500), "ok");             // mrs x0, dbgdtrrx_el0
  EXPECT_EQ(reason(0xd5130500), "ok");             // msr dbgdtrtx_el0, x0
  EXPECT_EQ(reason(0xd518f000), "ok");             // msr s3_0_c15_c0_0, x0: no row
}

TEST(Decode, vector_registers) {
  EXPECT_EQ(reason(0xad400c20), "ok");                 // ldp q0, q3, [x1]
  EXPECT_EQ(reason(0xad400020), "isa-unpredictable");  // ldp q0, q0, [x1]
  EXPECT_EQ(reason(0xad000020), "ok");                 // stp q0, q0, [x1]
  EXPECT_EQ(reason(0xacc10020), "isa-unpredictable");  // ldp q0, q0, [x1], #32
  EXPECT_EQ(reason(0xacc10821), "ok");                 // ldp q1, q2, [x1], #32
  EXPECT_EQ(reason(0xed400c20), "isa-undefined");      // a pair with opc = '11'
  EXPECT_EQ(reason(0x7dc00020), "isa-undefined");      // opc<1>:size above 4
  EXPECT_EQ(reason(0xdc000000), "isa-undefined");      // ldr (literal) with opc = '11'
  EXPECT_EQ(reason(0x3ce04820), "ok");                 // ldr q0, [x1, w0, uxtw]
  EXPECT_EQ(reason(0x3ce00820), "isa-undefined");      // the same with option<1> = '0'
}

TEST(Decode, most_specific_group_wins) {
  EXPECT_EQ(shipped_models().decode(0xf9800020)->group().name, "PRFM (immediate)");
  EXPECT_EQ(shipped_models().decode(0xf9400020)->group().name, "Load/store register (unsigned offset)");
}

TEST(Decode, no_random_word_is_ambiguous) {
  std::mt19937_64 random(3);
  for (unsigned i = 0; i < 300000; ++i) EXPECT_NE(reason(static_cast<std::uint32_t>(random())), "isa-ambiguous");
}

TEST(Decode, every_width_of_every_group_evaluates) {
  const auto problem = isa::check_widths(*shipped_models().data(), 4096);
  EXPECT_FALSE(problem) << problem->to_string();
}

TEST(Decode, fields_and_branches) {
  const auto decoded = shipped_models().decode(0x8b020020);
  ASSERT_TRUE(decoded);
  EXPECT_EQ(decoded->fields().at("Rm"), 2U);
  EXPECT_EQ(decoded->fields().at("Rn"), 1U);
  EXPECT_FALSE(decoded->is_branch());
  EXPECT_TRUE(shipped_models().decode(0xd65f03c0)->is_branch());
  EXPECT_TRUE(shipped_models().decode(0xd69f03e0)->is_branch());
}

}  // namespace
