// SPDX-License-Identifier: Apache-2.0
// The decoder: reasons for refusal, and no word that two unrelated groups match.
#include <gtest/gtest.h>

#include <random>

#include "isa-models/check.hpp"
#include "isa-models/isa.hpp"
#include "isa-models/model_data.hpp"
#include "models_fixture.hpp"

namespace {

std::string reason(std::uint32_t word) {
  const auto decoded = shipped_models().decode(word);
  return decoded ? "ok" : decoded.error().code;
}

TEST(Decode, refusals_have_their_reason) {
  EXPECT_EQ(reason(0x1e602800), "isa-no-model");       // fadd d0, d0, d0
  EXPECT_EQ(reason(0x8bc00000), "isa-undefined");      // add (shifted register), shift = '11'
  EXPECT_EQ(reason(0x8b800000), "ok");                 // add x0, x0, x0, asr #0
  EXPECT_EQ(reason(0x0b008000), "isa-undefined");      // 32-bit shift of 32
  EXPECT_EQ(reason(0xd503233f), "isa-no-model");       // paciasp: changes x30 where it is implemented
  EXPECT_EQ(reason(0xd503245f), "ok");                 // bti c
}

TEST(Decode, unpredictable_register_overlaps) {
  EXPECT_EQ(reason(0xa9400020), "isa-unpredictable");  // ldp x0, x0, [x1]
  EXPECT_EQ(reason(0xa9400820), "ok");                 // ldp x0, x2, [x1]
  EXPECT_EQ(reason(0xa9000020), "ok");                 // stp x0, x0, [x1]
  EXPECT_EQ(reason(0xf8408421), "isa-unpredictable");  // ldr x1, [x1], #8
  EXPECT_EQ(reason(0xf84087ff), "ok");                 // ldr xzr, [sp], #8
  EXPECT_EQ(reason(0xf8008421), "isa-unpredictable");  // str x1, [x1], #8
  EXPECT_EQ(reason(0xa8c10821), "isa-unpredictable");  // ldp x1, x2, [x1], #16
  EXPECT_EQ(reason(0xa8c10020), "isa-unpredictable");  // ldp x0, x0, [x1], #16
  EXPECT_EQ(reason(0xa8c10820), "ok");                 // ldp x0, x2, [x1], #16
  EXPECT_EQ(reason(0xa8810020), "ok");                 // stp x0, x0, [x1], #16
  EXPECT_EQ(reason(0xa8c107ff), "ok");                 // ldp xzr, x1, [sp], #16
  EXPECT_EQ(reason(0xc8007c20), "isa-unpredictable");  // stxr w0, x0, [x1]
  EXPECT_EQ(reason(0xc8017c20), "isa-unpredictable");  // stxr w1, x0, [x1]
  EXPECT_EQ(reason(0xc8027c20), "ok");                 // stxr w2, x0, [x1]
  EXPECT_EQ(reason(0xc85f7c20), "ok");                 // ldxr x0, [x1]
  EXPECT_EQ(reason(0xc8407c20), "isa-unpredictable");  // ldxr with Rs not all ones
  EXPECT_EQ(reason(0x9bc20020), "isa-unpredictable");  // umulh with Ra not all ones
  EXPECT_EQ(reason(0x9bc27c20), "ok");
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
