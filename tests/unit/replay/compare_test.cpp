// SPDX-License-Identifier: Apache-2.0
// Each law of the theorem as a pair that must agree and its nearest twin that must differ.
#include <gtest/gtest.h>

#include "tests/unit/replay/pair.hpp"

namespace validator::replay::testing {
namespace {

/// u32 f(u32 a) { return a + addend; }
Chain add_source(std::uint64_t addend) {
  Chain chain;
  chain.parameters({reg(0, v32("a"))}).result(32);
  chain.ret({ir::add(v32("a"), c32(addend))});
  return chain;
}

Chain add_binary(std::uint64_t addend, bool wide_add) {
  Chain chain;
  if (wide_add)
    chain.set(x(0), ir::add(x(0), c64(addend)));
  else
    chain.set(x(0), wide(ir::add(low32(x(0)), c32(addend))));
  chain.ret();
  return chain;
}

TEST(Compare, EqualFunctionsAgree) { EXPECT_EQ(verdict(add_source(1), add_binary(1, false)), "none"); }
TEST(Compare, UpperBitsOfNarrowResultsAreFree) { EXPECT_EQ(verdict(add_source(1), add_binary(1, true)), "none"); }
TEST(Compare, WrongConstantDiffers) { EXPECT_EQ(verdict(add_source(1), add_binary(2, false)), "result"); }

TEST(Compare, UpperBitsOfNarrowArgumentsAreArbitrary) {
  // u64 f(u32 a) { return a; } needs the zero extension.
  Chain source, right, wrong;
  source.parameters({reg(0, v32("a"))}).result(64);
  source.ret({wide(v32("a"))});
  right.set(x(0), wide(low32(x(0))));
  right.ret();
  wrong.ret();
  EXPECT_EQ(verdict(source, right), "none");
  EXPECT_EQ(verdict(source, wrong), "result");
}

/// void f(u64* p) { p[0] = 1; p[1] = 2; } and variations: each pair is (index, value).
Chain stores(bool binary, std::vector<std::pair<unsigned, unsigned>> list) {
  Chain chain;
  const Term base = binary ? x(0) : v64("p");
  if (!binary) chain.parameters({reg(0, v64("p"))});
  for (auto [index, value] : list) chain.store(ir::add(base, c64(8 * index)), c64(value));
  if (binary)
    chain.ret();
  else
    chain.ret(std::vector<Term>{});
  return chain;
}

TEST(Compare, StoresInAnotherOrderAgree) {
  EXPECT_EQ(verdict(stores(false, {{0, 1}, {1, 2}}), stores(true, {{1, 2}, {0, 1}})), "none");
}
TEST(Compare, MissingStoreDiffers) {
  EXPECT_EQ(verdict(stores(false, {{0, 1}, {1, 2}}), stores(true, {{0, 1}})), "memory");
}
TEST(Compare, ExtraStoreDiffers) {
  EXPECT_EQ(verdict(stores(false, {{0, 1}}), stores(true, {{0, 1}, {1, 2}})), "memory");
}
TEST(Compare, ExtraStoreOfTheSameValueBreaksTheFootprint) {
  // if (c) *p = 1; as an unconditional load and store (SOUNDNESS 3).
  Chain source, binary, right;
  source.parameters({reg(0, v64("p")), reg(1, v64("c"))});
  const auto branch = source.cond(ir::ne(v64("c"), c64(0)));
  source.store(v64("p"), c64(1));
  source.ret(std::vector<Term>{});
  source.from(branch, 1);
  source.ret(std::vector<Term>{});
  binary.load(v64("t"), x(0));
  binary.set(v64("t"), ir::ite(ir::ne(x(1), c64(0)), c64(1), v64("t")));
  binary.store(x(0), v64("t"));
  binary.ret();
  EXPECT_EQ(verdict(source, binary), "extra-read");
  const auto test = right.cond(ir::ne(x(1), c64(0)));
  right.store(x(0), c64(1));
  right.ret();
  right.from(test, 1);
  right.ret();
  EXPECT_EQ(verdict(source, right), "none");
}
TEST(Compare, SpuriousWriteAloneIsReported) {
  EXPECT_EQ(verdict(stores(false, {{0, 1}}), stores(true, {{0, 1}, {4, 9}, {4, 9}})), "memory");
}

/// Calls in a given order, each with X0 as its argument; a store between.
Chain calls(bool binary, std::vector<std::string> names, unsigned argument = 7) {
  Chain chain;
  for (const auto& name : names) {
    ir::Call call;
    call.symbol = name;
    if (binary)
      chain.set(x(0), c64(argument));
    else
      call.arguments = {reg(0, c64(argument))};
    chain.add(call);
  }
  if (binary)
    chain.ret(std::vector<Term>{v64("saved")});
  else
    chain.ret(std::vector<Term>{});
  return chain;
}

/// A binary that keeps its return address in X19's place is too long for these tests: "saved" is bound by hand.
std::string verdict_saved(const Chain& source, const Chain& binary) {
  EntryState entry;
  entry.extra["saved"] = entry.x[30];
  Environment environment;
  const Comparison result = compare(source.function, binary.function, entry, environment);
  return result.agreement == Agreement::differs ? std::string(difference_name(result.difference.kind))
                                                : std::string(agreement_name(result.agreement));
}

TEST(Compare, SameCallsAgree) { EXPECT_EQ(verdict_saved(calls(false, {"f", "g"}), calls(true, {"f", "g"})), "equal"); }
TEST(Compare, SwappedCallsDiffer) {
  EXPECT_EQ(verdict_saved(calls(false, {"f", "g"}), calls(true, {"g", "f"})), "callee");
}
TEST(Compare, MissingCallDiffers) {
  EXPECT_EQ(verdict_saved(calls(false, {"f", "g"}), calls(true, {"f"})), "missing-event");
}
TEST(Compare, ExtraCallDiffers) {
  EXPECT_EQ(verdict_saved(calls(false, {"f"}), calls(true, {"f", "f"})), "extra-event");
}
TEST(Compare, WrongArgumentDiffers) {
  EXPECT_EQ(verdict_saved(calls(false, {"f"}, 7), calls(true, {"f"}, 8)), "argument");
}

TEST(Compare, UndefinedBehaviourJustifiesADifference) {
  // s32 f(s32 a): a + 1 > a is true, since signed overflow is undefined.
  Chain source, binary, defined;
  const Term a = v32("a");
  const Term no_overflow = ir::slt(a, ir::add(a, c32(1)));
  source.parameters({reg(0, a)}).result(32);
  source.require(no_overflow, "ub-signed-overflow");
  source.ret({ir::bool_to_bv(no_overflow, 32)});
  defined.parameters({reg(0, a)}).result(32);
  defined.ret({ir::bool_to_bv(no_overflow, 32)});
  binary.set(x(0), c64(1));
  binary.ret();
  EXPECT_EQ(verdict(source, binary, 3000), "none");
  EXPECT_EQ(verdict(defined, binary, 3000), "result");
}

TEST(Compare, LaterUndefinedBehaviourDoesNotJustifyAnEarlierDifference) {
  // f(1); then undefined behaviour. The binary calls g instead, or calls f and then does as it likes.
  Chain source, wrong, right;
  ir::Call call;
  call.symbol = "f";
  call.arguments = {reg(0, c64(1))};
  source.add(call);
  source.require(ir::boolean(false), "ub-test");
  source.ret(std::vector<Term>{});
  ir::Call plain;
  plain.symbol = "g";
  wrong.set(x(0), c64(1));
  wrong.add(plain);
  wrong.ret(std::vector<Term>{v64("saved")});
  plain.symbol = "f";
  right.set(x(0), c64(1));
  right.add(plain);
  right.store(c64(0x123400), c64(5));
  right.set(x(19), c64(0));
  right.ret(std::vector<Term>{c64(0)});
  EXPECT_EQ(verdict_saved(source, wrong), "callee");
  EXPECT_EQ(verdict_saved(source, right), "source-undefined");
}

TEST(Compare, CalleeSavedRegistersAndStackPointer) {
  Chain source;
  source.ret(std::vector<Term>{});
  Chain clobbers, moves, caller_saved, elsewhere;
  clobbers.set(x(19), ir::add(x(19), c64(1)));
  clobbers.ret();
  moves.set(sp(), ir::sub(sp(), c64(16)));
  moves.ret();
  caller_saved.set(x(9), c64(3));
  caller_saved.ret();
  elsewhere.ret(std::vector<Term>{x(9)});
  EXPECT_EQ(verdict(source, clobbers), "callee-saved");
  EXPECT_EQ(verdict(source, moves), "stack-pointer");
  EXPECT_EQ(verdict(source, caller_saved), "none");
  EXPECT_EQ(verdict(source, elsewhere), "return-address");
}

TEST(Compare, FrameIsPrivateButNotBelowSp) {
  Chain source, frame, red_zone;
  source.parameters({reg(0, v64("a"))}).result(64);
  source.ret({v64("a")});
  frame.set(sp(), ir::sub(sp(), c64(16)));
  frame.store(sp(), x(0));
  frame.set(x(0), c64(0));
  frame.load(x(0), sp());
  frame.set(sp(), ir::add(sp(), c64(16)));
  frame.ret();
  red_zone.store(ir::sub(sp(), c64(8)), x(0));
  red_zone.load(x(0), ir::sub(sp(), c64(8)));
  red_zone.ret();
  EXPECT_EQ(verdict(source, frame), "none");
  EXPECT_EQ(verdict(source, red_zone), "below-stack");
}

TEST(Compare, BytesLeftBelowSpAreArbitrary) {
  // Stored, SP raised and lowered again, read: an interrupt may have used the bytes.
  Chain source, binary;
  source.parameters({reg(0, v64("a"))}).result(64);
  source.ret({v64("a")});
  binary.set(sp(), ir::sub(sp(), c64(16)));
  binary.store(sp(), x(0));
  binary.set(sp(), ir::add(sp(), c64(16)));
  binary.set(sp(), ir::sub(sp(), c64(16)));
  binary.load(x(0), sp());
  binary.set(sp(), ir::add(sp(), c64(16)));
  binary.ret();
  EXPECT_EQ(verdict(source, binary), "result");
}

/// while (1) {} against returning, and a loop without an end that counts.
Chain endless(bool binary, bool counts) {
  Chain chain;
  const Term i = binary ? x(1) : v64("i");
  chain.set(i, c64(0));
  const auto head = chain.set(i, counts ? ir::bit_xor(i, c64(1)) : i);
  chain.go_to(head);
  return chain;
}

TEST(Compare, SilentDivergence) {
  Chain returns;
  returns.ret();
  Chain source_returns;
  source_returns.ret(std::vector<Term>{});
  EXPECT_EQ(verdict(endless(false, false), endless(true, true), 3), "none");
  EXPECT_EQ(verdict(endless(false, true), returns, 3), "divergence");
  EXPECT_EQ(verdict(source_returns, endless(true, true), 3), "divergence");
  Chain finite = endless(false, false);
  finite.function.finite_loops = true;
  EXPECT_EQ(verdict(finite, returns, 3), "none");
}

TEST(Compare, CountingForEverIsNoRepeatedState) {
  // A step limit alone refutes nothing.
  Chain source, binary;
  source.ret(std::vector<Term>{});
  binary.set(x(1), c64(0));
  const auto head = binary.set(x(1), ir::add(x(1), c64(1)));
  binary.go_to(head);
  EXPECT_EQ(verdict(source, binary, 2), "none");
}

Chain device(bool binary, std::vector<std::pair<char, unsigned>> accesses) {
  Chain chain;
  const Term base = c64(0x9000000);
  for (auto [kind, offset] : accesses) {
    if (kind == 'r')
      chain.load(binary ? x(0) : v64("r"), ir::add(base, c64(offset)), !binary);
    else
      chain.store(ir::add(base, c64(offset)), c64(5), !binary);
  }
  chain.function.results = {reg(0, {})};
  chain.function.result_bits = {64};
  if (binary) {
    chain.ret();
  } else {
    chain.ret({v64("r")});
  }
  return chain;
}

TEST(Compare, VolatileAccessesAreEvents) {
  const Chain source = device(false, {{'w', 0}, {'r', 8}});
  EXPECT_EQ(verdict(source, device(true, {{'w', 0}, {'r', 8}})), "none");
  EXPECT_EQ(verdict(source, device(true, {{'r', 8}, {'w', 0}})), "event-kind");
  EXPECT_EQ(verdict(source, device(true, {{'w', 0}, {'r', 8}, {'r', 8}})), "extra-event");
  EXPECT_EQ(verdict(device(false, {{'r', 8}, {'r', 8}}), device(true, {{'r', 8}})), "missing-event");
}

TEST(Compare, StoreSunkBelowTheCallDiffers) {
  // *p = 1; f(); against f(); *p = 1;
  Chain source, binary;
  source.parameters({reg(0, v64("p"))});
  source.store(v64("p"), c64(1));
  ir::Call call;
  call.symbol = "f";
  source.add(call);
  source.ret(std::vector<Term>{});
  binary.set(x(19), x(0));
  binary.add(call);
  binary.store(x(19), c64(1));
  binary.ret(std::vector<Term>{v64("saved")});
  EntryState entry;
  entry.x[0] = object_regions;
  entry.extra["saved"] = entry.x[30];
  EXPECT_EQ(compare(source.function, binary.function, entry, {}).difference.kind, DifferenceKind::memory);
}

TEST(Compare, UnspecifiedValuesRefuteNothing) {
  Chain source, binary, constant;
  source.result(32);
  source.add(ir::Choice{v32("c"), "padding"});
  source.ret({v32("c")});
  binary.set(x(0), c64(4));
  binary.ret();
  EXPECT_EQ(verdict(source, binary), "none");
  // The specified bits still count.
  constant.result(32);
  constant.add(ir::Choice{v32("c"), "padding"});
  constant.ret({ir::bit_and(v32("c"), c32(0xff))});
  EXPECT_EQ(verdict(constant, binary), "none");
  Chain too_large;
  too_large.set(x(0), c64(0x104));
  too_large.ret();
  EXPECT_EQ(verdict(constant, too_large), "result");
}

/// void f(u32 v) { u32 l = v; use(&l); }
Chain escaping_source() {
  Chain source;
  const Term local = v64("%l.0");
  source.function.locals = {{local, "l", 4, 4}};
  source.parameters({reg(0, v32("v"))});
  source.add(ir::Lifetime{local, true});
  source.store(local, v32("v"));
  ir::Call call;
  call.symbol = "use";
  call.arguments = {reg(0, local)};
  source.add(call);
  source.add(ir::Lifetime{local, false});
  source.ret(std::vector<Term>{});
  return source;
}

Chain escaping_binary(unsigned slot, Term value) {
  Chain binary;
  binary.set(sp(), ir::sub(sp(), c64(32)));
  binary.store(sp(), x(30));
  binary.store(ir::add(sp(), c64(slot)), value);
  binary.set(x(0), ir::add(sp(), c64(slot)));
  ir::Call call;
  call.symbol = "use";
  binary.add(call);
  binary.load(x(30), sp());
  binary.set(sp(), ir::add(sp(), c64(32)));
  binary.ret();
  return binary;
}

TEST(Compare, EscapedLocalsArePlacedByTheEventThatShowsThem) {
  EXPECT_EQ(verdict(escaping_source(), escaping_binary(16, low32(x(0)))), "none");
  EXPECT_EQ(verdict(escaping_source(), escaping_binary(28, low32(x(0)))), "none");
  EXPECT_EQ(verdict(escaping_source(), escaping_binary(16, c32(3))), "memory");
}

TEST(Compare, CalleesMayWriteEscapedLocals) {
  // u32 f() { u32 l = 1; use(&l); return l; } against returning 1.
  Chain source, right, wrong;
  const Term local = v64("%l.1");
  source.function.locals = {{local, "l", 4, 4}};
  source.result(32);
  source.store(local, c32(1));
  ir::Call call;
  call.symbol = "use";
  call.arguments = {reg(0, local)};
  source.add(call);
  source.load(v32("r"), local);
  source.ret({v32("r")});
  for (Chain* chain : {&right, &wrong}) {
    chain->set(sp(), ir::sub(sp(), c64(32)));
    chain->store(sp(), x(30));
    chain->store(ir::add(sp(), c64(28)), c32(1));
    chain->set(x(0), ir::add(sp(), c64(28)));
    ir::Call plain;
    plain.symbol = "use";
    chain->add(plain);
    if (chain == &right) {
      chain->load(v32("t"), ir::add(sp(), c64(28)));
      chain->set(x(0), wide(v32("t")));
    } else {
      chain->set(x(0), c64(1));
    }
    chain->load(x(30), sp());
    chain->set(sp(), ir::add(sp(), c64(32)));
    chain->ret();
  }
  EXPECT_EQ(verdict(source, right), "none");
  EXPECT_EQ(verdict(source, wrong), "result");
}

/// u64 f(u64 a) { g(a); return a; } with a kept in X3 across the call, as gcc's -fipa-ra does.
TEST(Compare, RegistersThatTheCalleeLeavesAloneSurvive) {
  Chain source, caller, callee, clobbering;
  source.parameters({reg(0, v64("a"))}).result(64);
  ir::Call call;
  call.symbol = "g";
  call.arguments = {reg(0, v64("a"))};
  source.add(call);
  source.ret({v64("a")});
  caller.set(sp(), ir::sub(sp(), c64(16)));
  caller.store(sp(), x(30));
  caller.set(x(3), x(0));
  call.arguments.clear();
  caller.add(call);
  caller.set(x(0), x(3));
  caller.load(x(30), sp());
  caller.set(sp(), ir::add(sp(), c64(16)));
  caller.ret();
  callee.set(x(0), c64(1));
  callee.ret();
  clobbering.set(x(3), c64(1));
  clobbering.ret();
  EXPECT_EQ(verdict(source, caller), "result");
  for (const Chain* body : {&callee, &clobbering}) {
    ir::Module binary;
    binary.functions["g"] = body->function;
    SearchProblem pair = problem(source, caller);
    pair.callees = preserved_registers(binary);
    EXPECT_EQ(search_random(pair, {}).has_value(), body == &clobbering);
  }
}

TEST(Compare, WhatTheEnvironmentWritesAtABarrierIsSeenByBothSides) {
  // u64 f(u64* p) { u64 a = *p; asm volatile("dsb sy" ::: "memory"); return a + *p; }
  Chain source, right, wrong;
  source.parameters({reg(0, v64("p"))}).result(64);
  ir::Effect barrier;
  barrier.detail = "dsb sy";
  source.load(v64("a"), v64("p"));
  barrier.memory_clobber = true;
  source.add(barrier);
  source.load(v64("b"), v64("p"));
  source.ret({ir::add(v64("a"), v64("b"))});
  barrier.memory_clobber = false;
  for (Chain* chain : {&right, &wrong}) {
    chain->load(x(1), x(0));
    chain->add(barrier);
    if (chain == &right)
      chain->load(x(2), x(0));
    else
      chain->set(x(2), x(1));
    chain->set(x(0), ir::add(x(1), x(2)));
    chain->ret();
  }
  EXPECT_EQ(verdict(source, right), "none");
  EXPECT_EQ(verdict(source, wrong), "result");
}

TEST(Compare, CalleesOfTheModuleAreRun) {
  // static u64 one(u64* p) { *p = 5; return 1; }  u64 f(u64* p) { return one(p) + *p; } folded to 6 behind the call.
  ir::Module module;
  Chain one, source, right, wrong;
  one.parameters({reg(0, v64("q"))}).result(64);
  one.store(v64("q"), c64(5));
  one.ret({c64(1)});
  module.functions["one"] = one.function;
  source.parameters({reg(0, v64("p"))}).result(64);
  ir::Call call;
  call.symbol = "one";
  call.arguments = {reg(0, v64("p"))};
  call.results = {reg(0, v64("r"))};
  source.add(call);
  source.load(v64("m"), v64("p"));
  source.ret({ir::add(v64("r"), v64("m"))});
  ir::Call plain;
  plain.symbol = "one";
  for (Chain* chain : {&right, &wrong}) {
    chain->set(sp(), ir::sub(sp(), c64(16)));
    chain->store(sp(), x(30));
    chain->add(plain);
    chain->set(x(0), c64(chain == &right ? 6 : 7));
    chain->load(x(30), sp());
    chain->set(sp(), ir::add(sp(), c64(16)));
    chain->ret();
  }
  for (const Chain* chain : {&right, &wrong}) {
    SearchProblem pair = problem(source, *chain);
    EXPECT_TRUE(search_random(pair, {}).has_value());
    pair.source_module = &module;
    EXPECT_EQ(search_random(pair, {}).has_value(), chain == &wrong);
  }
}

TEST(Compare, PackedPointersAreFollowed) {
  // u64 f(u64 word) { return *(u64*)((word >> 16) << 4); } with a wrong offset.
  Chain source, right, wrong;
  source.parameters({reg(0, v64("w"))}).result(64);
  const auto address = [](Term word, unsigned offset) {
    return ir::add(ir::shl(ir::lshr(word, c64(16)), c64(4)), c64(offset));
  };
  source.require(ir::ult(address(v64("w"), 0), c64(std::uint64_t{1} << 38)), "ub-test");
  source.load(v64("r"), address(v64("w"), 0));
  source.ret({v64("r")});
  right.load(x(0), address(x(0), 0));
  right.ret();
  wrong.load(x(0), address(x(0), 8));
  wrong.ret();
  EXPECT_EQ(verdict(source, right), "none");
  EXPECT_NE(verdict(source, wrong), "none");
}

TEST(Compare, SearchIsDeterministic) {
  const Chain source = add_source(1), binary = add_binary(2, false);
  const auto first = search_random(problem(source, binary), {});
  const auto second = search_random(problem(source, binary), {});
  ASSERT_TRUE(first && second);
  EXPECT_EQ(first->entry.x, second->entry.x);
  EXPECT_EQ(first->difference.text, second->difference.text);
}

}  // namespace
}  // namespace validator::replay::testing
