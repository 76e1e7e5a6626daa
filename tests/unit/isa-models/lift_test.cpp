// SPDX-License-Identifier: Apache-2.0
// The lifted form: which variables it may have, single-copy and order marks, branches, effects. That it equals the concrete interpreter and
// keeps to its access sets is a property that `isa test` checks (conformance/properties.cpp).
#include <gtest/gtest.h>

#include "ir/build.hpp"
#include "ir/smt.hpp"
#include "isa-models/evaluator.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/sampler.hpp"
#include "models_fixture.hpp"

namespace {

template <typename Visit>
void for_random_cases(unsigned per_group, std::uint64_t seed, Visit visit) {
  const isa::Models& models = shipped_models();
  for (const isa::GroupData& group : models.data()->groups) {
    isa::Sampler sampler(*models.data(), group, seed);
    for (unsigned i = 0; i < per_group; ++i) {
      const std::uint32_t word = sampler.word();
      isa::MachineState state = sampler.state();
      state.pc = sampler.raw() & 0xfffffffffffcULL;
      const auto decoded = models.decode(word);
      if (decoded) visit(*decoded, state, sampler);
    }
  }
}

TEST(Lift, variables_are_registers_flags_and_temporaries_only) {
  for_random_cases(25, 13, [&](const isa::Decoded& decoded, const isa::MachineState& start, isa::Sampler&) {
    const auto lifted = shipped_models().lift(decoded, start.pc);
    ASSERT_TRUE(lifted);
    for (const std::string& name : isa::access_sets(*lifted).writes) {
      const bool flag = name.size() == 1 && std::string("NZCV").find(name) != std::string::npos;
      const bool reg = name == "SP" || (name[0] == 'X' && name.size() <= 3 && std::stoul(name.substr(1)) < 31);
      const bool vector = name[0] == 'V' && name.size() > 1 && std::stoul(name.substr(1)) < 32;
      EXPECT_TRUE(flag || reg || vector) << name;
      EXPECT_TRUE(lifted->uses_vectors || !vector) << name;
    }
  });
}

// The lifter replaces the prelude's AddWithCarry by terms that compare well. Proved here for every operand.
TEST(Lift, add_with_carry_is_the_preludes) {
  const std::uint32_t words[] = {
      0xeb020020,  // subs x0, x1, x2
      0x6b020020,  // subs w0, w1, w2
      0xab020020,  // adds x0, x1, x2
      0xf1000420,  // subs x0, x1, #1
      0x7140043f,  // cmp w1, #1, lsl #12
      0xf100003f,  // cmp x1, #0
      0xb1000420,  // adds x0, x1, #1
      0x3140043f,  // cmn w1, #1, lsl #12
      0xb100003f,  // cmn x1, #0
      0xeb3ff03f,  // cmp x1, xzr, sxtx #4
      0xfa020020,  // sbcs x0, x1, x2
      0xfa411824,  // ccmp x1, #1, #4, ne
      0x3a411824,  // ccmn w1, #1, #4, ne
  };
  for (const std::uint32_t word : words) {
    const auto decoded = shipped_models().decode(word);
    ASSERT_TRUE(decoded) << std::hex << word;
    const auto lifted = shipped_models().lift(*decoded, 0);
    ASSERT_TRUE(lifted);
    const isa::GroupData* group = nullptr;
    for (const isa::GroupData& data : shipped_models().data()->groups)
      if (&data.group == &decoded->group()) group = &data;
    isa::Evaluator literal(*shipped_models().data(), *group, group->encodings[0], word, isa::Evaluator::Mode::literal);
    literal.decode();
    literal.execute();
    const isa::Lifted wanted = literal.result();
    ASSERT_EQ(lifted->assignments.size(), wanted.assignments.size());
    ir::Solver solver;
    for (std::size_t i = 0; i < wanted.assignments.size(); ++i) {
      ASSERT_EQ(lifted->assignments[i].variable, wanted.assignments[i].variable);
      const ir::Term goal = ir::eq(lifted->assignments[i].value, wanted.assignments[i].value);
      EXPECT_EQ(solver.prove(goal), ir::Answer::valid) << decoded->text(0) << " " << wanted.assignments[i].variable.name();
    }
  }
}

std::string lifted_text(std::uint32_t word, std::uint64_t address = 0x1000) {
  const auto lifted = shipped_models().lift(word, address);
  return lifted ? isa::print(*lifted) : lifted.error().code;
}

TEST(Lift, w_results_clear_the_top_half) {
  EXPECT_NE(lifted_text(0x2a0103e0).find("(concat 0x0:32 "), std::string::npos);   // orr w0, wzr, w1
  EXPECT_EQ(lifted_text(0xaa0103e0).find("concat"), std::string::npos);            // orr x0, xzr, x1
}

TEST(Lift, writes_of_the_zero_register_vanish) {
  EXPECT_EQ(lifted_text(0x8b02003f), "");  // add xzr, x1, x2
  EXPECT_NE(lifted_text(0x8b020020), "");  // add x0, x1, x2
}

const ir::Load* first_load(const isa::Lifted& lifted) {
  return lifted.ops.empty() ? nullptr : std::get_if<ir::Load>(&lifted.ops[0]);
}

TEST(Lift, single_copy_is_one_access_without_writeback) {
  const auto single = [](std::uint32_t word) {
    const auto lifted = shipped_models().lift(word, 0);
    EXPECT_TRUE(lifted);
    EXPECT_NE(first_load(*lifted), nullptr);
    return first_load(*lifted)->single_copy;
  };
  EXPECT_TRUE(single(0xf9400020));   // ldr x0, [x1]
  EXPECT_TRUE(single(0xf940003f));   // ldr xzr, [x1]
  EXPECT_TRUE(single(0xb8626820));   // ldr w0, [x1, x2]
  EXPECT_TRUE(single(0xf9400021));   // ldr x1, [x1]
  EXPECT_FALSE(single(0xf8408420));  // ldr x0, [x1], #8
  EXPECT_FALSE(single(0xf840843f));  // ldr xzr, [x1], #8
  EXPECT_FALSE(single(0xf8408c20));  // ldr x0, [x1, #8]!
  EXPECT_FALSE(single(0xa9400820));  // ldp x0, x2, [x1]
}

TEST(Lift, acquire_and_release) {
  EXPECT_NE(lifted_text(0xc8dffc20).find("acquire"), std::string::npos);  // ldar x0, [x1]
  EXPECT_NE(lifted_text(0xc89ffc20).find("release"), std::string::npos);  // stlr x0, [x1]
  EXPECT_EQ(lifted_text(0xf9400020).find("acquire"), std::string::npos);
}

TEST(Lift, branches_and_stops) {
  EXPECT_EQ(lifted_text(0x14000002), "branch 0x1008 if true\n");
  EXPECT_EQ(lifted_text(0x54000040), "branch 0x1008 if Z:bool\n");
  EXPECT_EQ(lifted_text(0x94000002), "X30:64 := 0x1004:64\ncall 0x1008\n");
  EXPECT_EQ(lifted_text(0xd65f03c0), "return X30:64\n");
  EXPECT_EQ(lifted_text(0xd69f03e0), "exception_return\nstop\n");
  EXPECT_EQ(lifted_text(0xd4000001), "exception \"svc\" 0x0:16\n");
  EXPECT_EQ(lifted_text(0xd4200000), "exception \"brk\" 0x0:16\nstop\n");
  EXPECT_EQ(lifted_text(0xd503201f), "");  // nop
}

TEST(Lift, effects_carry_their_names) {
  EXPECT_EQ(lifted_text(0xd5033f9f), "barrier \"dsb sy\"\n");
  EXPECT_EQ(lifted_text(0xd5182000), "sysreg_write \"TTBR0_EL1\" X0:64\n");
  EXPECT_EQ(lifted_text(0xd50b7e20), "sysop \"dc civac\" X0:64\n");
  EXPECT_EQ(lifted_text(0xd508871f), "sysop \"tlbi vmalle1\"\n");
  EXPECT_EQ(lifted_text(0xd50342df), "sysreg_write \"DAIFSet\" 0x2:64\n");
  EXPECT_EQ(lifted_text(0xd53b4400), "t0w64:64 := sysreg_read \"FPCR\"\nX0:64 := t0w64:64\n");
  EXPECT_EQ(lifted_text(0xd51b4420), "sysreg_write \"FPSR\" X0:64\n");
  EXPECT_EQ(lifted_text(0xd503221f), "barrier \"esb\"\n");
}

TEST(Lift, hints_that_depend_on_a_feature_are_marked) {
  const auto feature = [](std::uint32_t word) { return shipped_models().lift(word, 0)->feature; };
  EXPECT_EQ(feature(0xd503233f), "FEAT_PAuth");  // paciasp
  EXPECT_EQ(feature(0xd50320ff), "FEAT_PAuth");  // xpaclri
  EXPECT_EQ(feature(0xd503251f), "FEAT_CHK");    // chkfeat x16
  EXPECT_EQ(feature(0xd503245f), "");            // bti c
  EXPECT_EQ(feature(0xd503201f), "");            // nop
  EXPECT_EQ(lifted_text(0xd50323bf), "t0w64:64 := sysop \"autiasp\" X30:64 SP:64\nX30:64 := t0w64:64\n");
  EXPECT_EQ(lifted_text(0xd503215f), "t0w64:64 := sysop \"pacib1716\" X17:64 X16:64\nX17:64 := t0w64:64\n");
}

TEST(Lift, hints_of_an_absent_feature_mean_nothing) {
  const auto without = shipped_models().without({"FEAT_PAuth"});
  ASSERT_TRUE(without) << without.error().to_string();
  for (const std::uint32_t word : {0xd50323bfU, 0xd503233fU, 0xd503215fU, 0xd50320ffU}) {  // autiasp, paciasp, pacib1716, xpaclri
    const auto lifted = without->lift(word, 0);
    ASSERT_TRUE(lifted);
    EXPECT_EQ(print(*lifted), "");
    EXPECT_EQ(lifted->feature, "");
  }
  EXPECT_EQ(without->lift(0xd503251f, 0)->feature, "FEAT_CHK");
  EXPECT_NE(without->identity(), shipped_models().identity());
  EXPECT_EQ(shipped_models().lift(0xd50323bf, 0)->feature, "FEAT_PAuth");
  const auto misspelt = shipped_models().without({"FEAT_PAUTH"});
  ASSERT_FALSE(misspelt);
  EXPECT_NE(misspelt.error().message.find("known: FEAT_CHK, FEAT_PAuth"), std::string::npos);
}

TEST(Lift, accesses_with_a_limited_order_are_effects) {
  EXPECT_NE(lifted_text(0xc8df7c20).find("atomic \"ldlar\""), std::string::npos);  // ldlar x0, [x1]
  EXPECT_NE(lifted_text(0xc89f7c20).find("atomic \"stllr\""), std::string::npos);  // stllr x0, [x1]
}

TEST(Lift, vector_registers_are_marked) {
  const auto marked = [](std::uint32_t word) { return shipped_models().lift(word, 0)->uses_vectors; };
  EXPECT_TRUE(marked(0x3dc00020));   // ldr q0, [x1]
  EXPECT_TRUE(marked(0xad000440));   // stp q0, q1, [x2]
  EXPECT_FALSE(marked(0xf9400020));  // ldr x0, [x1]
  EXPECT_FALSE(marked(0xeb020020));  // subs x0, x1, x2: writes the flag V
  EXPECT_FALSE(marked(0xd53b4400));  // mrs x0, fpcr
  EXPECT_EQ(lifted_text(0x3dc00020), "t0w128:128 := load16 [X1:64]\nV0:128 := t0w128:128\n");
  EXPECT_EQ(lifted_text(0xfd400020), "t0w64:64 := load8 [X1:64] single-copy\nV0:128 := (concat 0x0:64 t0w64:64)\n");  // ldr d0, [x1]
}

TEST(Lift, unprivileged_accesses_are_not_plain_accesses) {
  EXPECT_NE(lifted_text(0xf8400820).find("atomic \"ldtr\""), std::string::npos);  // ldtr x0, [x1]
  EXPECT_NE(lifted_text(0xf8400020).find("load8"), std::string::npos);            // ldur x0, [x1]
}

}  // namespace
