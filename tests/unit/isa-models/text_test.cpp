// SPDX-License-Identifier: Apache-2.0
// The models' text against Capstone's, over random words of every group, and the alias rows one by one. Where Capstone does not know an
// instruction, the validator asks another witness; the list of such groups is part of the test.
#include <capstone/capstone.h>
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "isa-models/isa.hpp"
#include "isa-models/model_data.hpp"
#include "isa-models/sampler.hpp"
#include "models_fixture.hpp"

namespace {

class Witness {
 public:
  Witness() { EXPECT_EQ(cs_open(CS_ARCH_ARM64, CS_MODE_ARM, &handle_), CS_ERR_OK); }
  ~Witness() { cs_close(&handle_); }
  std::string text(std::uint32_t word, std::uint64_t address) const {
    cs_insn* instruction = nullptr;
    const std::size_t count = cs_disasm(handle_, reinterpret_cast<const std::uint8_t*>(&word), 4, address, 1, &instruction);
    if (count == 0) return {};
    std::string result = std::string(instruction->mnemonic) + " " + instruction->op_str;
    cs_free(instruction, count);
    return result;
  }

 private:
  csh handle_ = 0;
};

constexpr std::uint64_t address = 0x40001000;

/// Groups that Capstone 4.0.2 does not know at all, and those where it does not know every word.
const std::set<std::string> unknown_groups = {"CAS, CASA, CASAL, CASL", "LDADD, LDCLR, LDEOR, LDSET, LDSMAX, LDSMIN, LDUMAX, LDUMIN", "LDAPR", "LDAPUR, STLUR", "LDLAR, STLLR", "CASP, CASPA, CASPAL, CASPL",
                                              "SWP, SWPA, SWPAL, SWPL", "UDF"};
const std::set<std::string> partly_unknown_groups = {"Load/store register (unprivileged)", "MSR (immediate)"};

bool is_debug_register(const isa::Decoded& decoded) {
  // Capstone prints an unnamed register of op0 = 2 as op0 = 3 (Arm ARM C5.1.3: op0 is bits 20:19).
  const std::string& name = decoded.group().name;
  return (name == "MRS" || name == "MSR (register)") && decoded.fields().at("o0") == 0;
}

TEST(Text, agrees_with_capstone_on_every_group) {
  const isa::Models& models = shipped_models();
  const Witness witness;
  std::map<std::string, unsigned> agreed;
  for (const isa::GroupData& group : models.data()->groups) {
    isa::Sampler sampler(*models.data(), group, 5);
    const std::string& name = group.group.name;
    for (unsigned i = 0; i < 150; ++i) {
      const auto decoded = models.decode(sampler.word());
      if (!decoded || decoded->group().name != name) continue;
      const std::string theirs = witness.text(decoded->word(), address);
      if (theirs.empty()) {
        EXPECT_TRUE(unknown_groups.contains(name) || partly_unknown_groups.contains(name)) << name << " " << decoded->text(address);
        continue;
      }
      const bool agree = isa::texts_agree(models, decoded->text(address), theirs);
      EXPECT_TRUE(agree || is_debug_register(*decoded))
          << std::hex << decoded->word() << ": " << decoded->text(address) << " | " << theirs;
      agreed[name] += agree ? 1 : 0;
    }
    EXPECT_EQ(agreed[name] == 0, unknown_groups.contains(name)) << name;
  }
}

std::string normal(std::string_view text) { return isa::normalise_text(shipped_models(), text); }

TEST(Text, aliases_are_expanded) {
  EXPECT_EQ(normal("mov x0, x1"), "orr x0 xzr x1");
  EXPECT_EQ(normal("mov sp, x1"), "add sp x1 0");
  EXPECT_EQ(normal("mov w0, #-1"), "mov w0 4294967295");
  EXPECT_EQ(normal("movn w0, #0x0"), "mov w0 4294967295");
  EXPECT_EQ(normal("movz x0, #0x1, lsl #16"), "mov x0 65536");
  EXPECT_EQ(normal("LSL X0, X1, #3"), "ubfm x0 x1 61 60");
  EXPECT_EQ(normal("lsl w0, w1, w2"), "lslv w0 w1 w2");
  EXPECT_EQ(normal("sxtb x0, w1"), "sbfm x0 x1 0 7");
  EXPECT_EQ(normal("bfi w0, w1, #4, #8"), "bfm w0 w1 28 7");
  EXPECT_EQ(normal("cset w0, eq"), "csinc w0 wzr wzr ne");
  EXPECT_EQ(normal("cinc w0, w1, hs"), "csinc w0 w1 w1 lo");
  EXPECT_EQ(normal("mul x0, x1, x2"), "madd x0 x1 x2 xzr");
  EXPECT_EQ(normal("smull x0, w1, w2"), "smaddl x0 w1 w2 xzr");
  EXPECT_EQ(normal("ldr x0, [x1, #0]"), "ldr x0 [ x1 ]");
  EXPECT_EQ(normal("mrs x0, ttbr0_el1"), "mrs x0 s3_0_c2_c0_0");
  EXPECT_EQ(normal("dc civac, x3"), "sys 3 c7 c14 1 x3");
  EXPECT_EQ(normal("tlbi vmalle1"), "sys 0 c8 c7 0 xzr");
  EXPECT_EQ(normal("ret"), "ret x30");
  EXPECT_EQ(normal("b.cs #0x10"), "b.hs 16");
}

TEST(Text, different_instructions_do_not_agree) {
  const auto agree = [](std::string_view a, std::string_view b) { return isa::texts_agree(shipped_models(), a, b); };
  EXPECT_TRUE(agree("subs xzr, x0, #0x1", "cmp x0, #1"));
  EXPECT_FALSE(agree("subs xzr, x0, #0x1", "cmp x0, #2"));
  EXPECT_FALSE(agree("subs xzr, x0, #0x1", "cmp w0, #1"));
  EXPECT_FALSE(agree("subs xzr, x0, #0x1", "cmn x0, #1"));
  EXPECT_FALSE(agree("subs x0, x0, #0x1", "cmp x0, #1"));
  EXPECT_FALSE(agree("ubfm x0, x1, #61, #60", "lsl x0, x1, #2"));
  EXPECT_FALSE(agree("ubfm w0, w1, #29, #28", "lsl x0, x1, #3"));
  EXPECT_FALSE(agree("csinc w0, wzr, wzr, eq", "cset w0, eq"));
  EXPECT_FALSE(agree("ldr x0, [x1], #8", "ldr x0, [x1, #8]"));
  EXPECT_FALSE(agree("ldr x0, [x1, #8]!", "ldr x0, [x1, #8]"));
  EXPECT_FALSE(agree("ldr x0, [x1, #8]!", "ldr x0, [x1], #8"));
  EXPECT_FALSE(agree("add x0, x1, w2, uxtw", "add x0, x1, x2"));
  EXPECT_FALSE(agree("mov w0, #-1", "mov x0, #-1"));
  EXPECT_FALSE(agree("", ""));
}

TEST(Text, garbage_is_harmless) {
  for (const char* text : {"", "[", "{}", "lsl", "lsl x0", "lsl x0, x1, #64", "mov", "mov x99, x1", "cset w0, zz", "0x", "-", "#-0x",
                           "movz x0, #1, lsl #99", "ubfx x0, x1, #99999999999999999999, #3"})
    EXPECT_NO_FATAL_FAILURE(normal(text)) << text;
}

}  // namespace
