// SPDX-License-Identifier: Apache-2.0
// For each family of facts, and each contract, a right pair that cannot be proved without it.
#include "tests/unit/ablation/trial.hpp"

namespace {

using ablation::Trial;
using namespace testing_pairs;

const Term x0 = bits64("X0"), x9 = bits64("X9"), x30 = bits64("X30"), sp = bits64("SP");
const Term a = bits64("a.1"), i = bits64("i.3");
constexpr std::uint64_t g_address = 0x9000;

ir::Node wait() { return ir::Effect{ir::EffectKind::wait, "sev", {}, Term(), 0, ir::Order::plain, false}; }

/// Both: if (a < 4) return 0; while (i != 0) { sev; i--; } and then the source asks again whether a is at least 4.
Trial guarded_loop() {
  Trial trial;
  trial.pair.returns(64);
  trial.pair.source.function.parameters = {in_register(0, a)};
  Builder &source = trial.pair.source, &binary = trial.pair.binary;
  const Term counter = bits64("X2");
  ablation::check::Cut cut;
  const auto source_guard = source.add(ir::Cond{ir::ult(a, number(4))});
  source.continue_from(source_guard, 1);
  source.add(set(i, a));
  cut.source_header = source.add(ir::Cond{ir::eq(i, number(0))});
  source.continue_from(cut.source_header, 1);
  source.add(wait());
  source.add(set(i, ir::sub(i, number(1))));
  source.jump(cut.source_header);
  source.continue_from(cut.source_header, 0);
  source.add(ir::Return{{ir::ite(ir::ult(a, number(4)), number(7), number(1))}});
  source.continue_from(source_guard, 0);
  source.add(ir::Return{{number(0)}});

  const auto guard = binary.add(ir::Cond{ir::ult(x0, number(4))});
  binary.continue_from(guard, 1);
  binary.add(set(counter, x0));
  cut.binary_header = binary.add(ir::Cond{ir::eq(counter, number(0))});
  binary.continue_from(cut.binary_header, 1);
  binary.add(wait());
  binary.add(set(counter, ir::sub(counter, number(1))));
  binary.jump(cut.binary_header);
  binary.continue_from(cut.binary_header, 0);
  binary.add(set(x0, number(1)));
  binary.add(return_to_caller());
  binary.continue_from(guard, 0);
  binary.add(set(x0, number(0)));
  binary.add(return_to_caller());
  cut.relations[{"X2", 0, 0}] = bits64("i.3@0");
  trial.certificate.cuts = {cut};
  return trial;
}

/// The counter never exceeds a, which the binary's result relies on.
Trial invariant() {
  Trial trial;
  trial.pair.returns(64);
  trial.pair.source.function.parameters = {in_register(0, a)};
  Builder &source = trial.pair.source, &binary = trial.pair.binary;
  const Term counter = bits64("X2");
  source.add(set(i, number(0)));
  ablation::check::Cut cut;
  cut.source_header = source.add(ir::Cond{ir::ult(i, a)});
  source.continue_from(cut.source_header, 0);
  source.add(wait());
  source.add(set(i, ir::add(i, number(1))));
  source.jump(cut.source_header);
  source.continue_from(cut.source_header, 1);
  source.add(ir::Return{{i}});
  binary.add(set(counter, number(0)));
  cut.binary_header = binary.add(ir::Cond{ir::ult(counter, x0)});
  binary.continue_from(cut.binary_header, 0);
  binary.add(wait());
  binary.add(set(counter, ir::add(counter, number(1))));
  binary.jump(cut.binary_header);
  binary.continue_from(cut.binary_header, 1);
  binary.add(return_to_caller());  // X0 is still a
  cut.relations[{"X2", 0, 0}] = bits64("i.3@0");
  cut.invariants = {ir::ule(bits64("i.3@0"), x0)};
  trial.certificate.cuts = {cut};
  return trial;
}

/// u64 x[2], aligned to 16; g(x); return (u64)x & 15.
Trial sp_aligned() {
  Trial trial;
  trial.pair.returns(64);
  trial.pair.callee("g", g_address);
  const Term x = bits64("%x.7");
  trial.pair.source.function.locals = {{x, "x", 16, 16}};
  ir::Call call;
  call.symbol = "g";
  call.arguments = {in_register(0, x)};
  trial.pair.source.add(call);
  trial.pair.source.add(ir::Return{{ir::bit_and(x, number(15))}});
  Builder& code = trial.pair.binary;
  code.add(set(sp, ir::sub(sp, number(32))));
  code.add(store(sp, x30));
  code.add(set(x0, ir::add(sp, number(16))));
  code.add(set(x30, number(0x1000 + 4 * (code.function.graph.size() + 2))));
  ir::Call binary_call;
  binary_call.target = number(g_address);
  code.add(binary_call);
  code.add(load(x30, sp));
  code.add(set(x0, number(0)));
  code.add(set(sp, ir::add(sp, number(32))));
  code.add(return_to_caller());
  trial.certificate.placements = {{"%x.7", -16}};
  return trial;
}

/// Both read a static object that is always 25; the binary knows the result.
Trial unwritten() {
  Trial trial;
  trial.pair.returns(64);
  trial.pair.source.function.parameters = {in_register(0, a)};
  const Term read = bits64("t.5");
  trial.pair.source.add(load(read, a));
  trial.pair.source.add(ir::Assert{ir::eq(read, number(25)), "inv-unwritten"});
  trial.pair.source.add(ir::Return{{read}});
  trial.pair.binary.add(set(x0, number(25)));
  trial.pair.binary.add(return_to_caller());
  return trial;
}

/// g(); with X9, or a load, carried across the call.
Trial across_call(bool loads) {
  Trial trial;
  trial.pair.returns(64);
  trial.pair.callee("g", g_address);
  trial.pair.source.function.parameters = {in_register(0, a)};
  const Term read = bits64("t.5");
  ir::Call call;
  call.symbol = "g";
  trial.pair.source.add(load(read, a));
  trial.pair.source.add(call);
  if (loads) trial.pair.source.add(load(read, a));
  trial.pair.source.add(ir::Return{{loads ? read : a}});
  Builder& code = trial.pair.binary;
  const Term kept = loads ? bits64("X19") : x9;
  code.add(set(sp, ir::sub(sp, number(32))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), bits64("X19")));
  if (loads) code.add(load(kept, x0));
  else code.add(set(kept, x0));
  code.add(set(x30, number(0x1000 + 4 * (code.function.graph.size() + 2))));
  ir::Call binary_call;
  binary_call.target = number(g_address);
  code.add(binary_call);
  code.add(set(x0, kept));
  code.add(load(bits64("X19"), ir::add(sp, number(8))));
  code.add(load(x30, sp));
  code.add(set(sp, ir::add(sp, number(32))));
  code.add(return_to_caller());
  return trial;
}

const std::map<std::string, std::function<Trial()>> right_pairs{
    {"visit", guarded_loop},
    {"invariant", invariant},
    {"inv-unwritten", unwritten},
    {"sp-aligned", sp_aligned},
};

class Facts : public ::testing::TestWithParam<std::string> {};

TEST_P(Facts, IsNeeded) {
  const auto right = right_pairs.find(GetParam());
  ASSERT_NE(right, right_pairs.end()) << "kinds.def has a family without a right pair";
  EXPECT_TRUE(ablation::holds(right->second(), "")) << "the right pair is not proved";
  EXPECT_FALSE(ablation::holds(right->second(), GetParam())) << "the right pair is proved without it";
}

std::vector<std::string> families() {
  return {
#define OBLIGATION(family, text)
#define FACT(family, text) family,
#include "validator/check/kinds.def"
#undef OBLIGATION
#undef FACT
  };
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Facts, ::testing::ValuesIn(families()), test_name);

TEST(Contracts, RegistersThatACalleeLeavesAlone) {
  Trial trial = across_call(false);
  EXPECT_FALSE(ablation::holds(trial, ""));
  trial.preserved = [](std::uint64_t callee) { return callee == g_address ? std::set<std::string>{"X9"} : std::set<std::string>{}; };
  EXPECT_TRUE(ablation::holds(trial, ""));
}

TEST(Contracts, ACalleeThatWritesNoMemory) {
  for (bool silent : {true, false}) {
    Trial trial = across_call(true);
    Builder callee;
    callee.function.symbol = "g";
    callee.function.address = g_address;
    // Above its entry SP lies its caller's frame.
    callee.add(store(ir::add(sp, number(silent ? std::uint64_t(-8) : 0)), x0));
    callee.add(return_to_caller());
    trial.pair.others_binary.functions["g"] = callee.function;
    EXPECT_EQ(ablation::holds(trial, ""), silent);
  }
}

}  // namespace
