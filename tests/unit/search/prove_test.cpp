// SPDX-License-Identifier: Apache-2.0
// Pairs of tiny graphs: each proof stands beside the nearest pair that must not be proved.
#include <gtest/gtest.h>

#include <algorithm>

#include "pair_builder.hpp"

namespace {

using namespace testing_pairs;
using validator::Outcome;
using validator::Verdict;

const Term x0 = bits64("X0"), x1 = bits64("X1"), x19 = bits64("X19"), x30 = bits64("X30"), sp = bits64("SP");
const Term a = bits64("a.1"), b = bits64("b.2");

void expect_proved(TestPair& pair) {
  const Outcome outcome = pair.prove();
  EXPECT_EQ(outcome.verdict, Verdict::proved) << outcome.reason << ": " << outcome.text;
}

void expect_not_proved(TestPair& pair) {
  const Outcome outcome = pair.prove();
  EXPECT_NE(outcome.verdict, Verdict::proved);
  EXPECT_FALSE(outcome.reason.empty());
}

TestPair adds(std::uint64_t in_source, std::uint64_t in_binary) {
  TestPair pair;
  pair.returns(64);
  pair.source.function.parameters = {in_register(0, a)};
  pair.source.add(ir::Return{{ir::add(a, number(in_source))}});
  pair.binary.add(set(x0, ir::add(x0, number(in_binary))));
  pair.binary.add(return_to_caller());
  return pair;
}

TEST(Prove, ReturnValue) {
  TestPair same = adds(1, 1), other = adds(1, 2);
  expect_proved(same);
  expect_not_proved(other);
}

TEST(Prove, OnlySignificantBitsCount) {
  for (bool right : {true, false}) {
    TestPair pair;
    pair.returns(8);
    pair.source.function.parameters = {in_register(0, bits("c.1", 8))};
    pair.source.add(ir::Return{{ir::add(bits("c.1", 8), number(1, 8))}});
    // Upper bits of the argument are arbitrary: an add keeps its low bits right, a shift down does not.
    pair.binary.add(set(x0, right ? ir::add(x0, number(1)) : ir::lshr(ir::shl(ir::add(x0, number(1)), number(1)), number(1))));
    if (!right) pair.binary.add(set(x0, ir::udiv(x0, number(3))));
    pair.binary.add(return_to_caller());
    right ? expect_proved(pair) : expect_not_proved(pair);
  }
}

TEST(Prove, CalleeSavedRegister) {
  TestPair pair = adds(1, 1);
  TestPair bad;
  bad.returns(64);
  bad.source = pair.source;
  bad.binary.add(set(x0, ir::add(x0, number(1))));
  bad.binary.add(set(x19, number(0)));
  bad.binary.add(return_to_caller());
  expect_proved(pair);
  expect_not_proved(bad);
}

TestPair stores(std::uint64_t source_offset, std::uint64_t binary_offset, bool binary_stores_twice) {
  TestPair pair;
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  pair.source.add(store(ir::add(a, number(source_offset)), b));
  pair.source.add(ir::Return{});
  pair.binary.add(store(ir::add(x0, number(binary_offset)), x1));
  if (binary_stores_twice) {
    pair.binary.add(load(bits64("t0"), ir::add(x0, number(64))));
    pair.binary.add(store(ir::add(x0, number(64)), bits64("t0")));
  }
  pair.binary.add(return_to_caller());
  return pair;
}

TEST(Prove, StoreAndSpuriousAccess) {
  TestPair same = stores(8, 8, false), elsewhere = stores(8, 16, false), spurious = stores(8, 8, true);
  expect_proved(same);
  expect_not_proved(elsewhere);
  expect_not_proved(spurious);
}

TEST(Prove, SpeculativeLoadNeedsTheSourceToReadOnThisPath) {
  for (bool source_always_reads : {true, false}) {
    TestPair pair;
    pair.returns(64);
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    const Term loaded = bits64("t.3");
    if (source_always_reads) {
      pair.source.add(load(loaded, a));
      pair.source.add(ir::Return{{ir::ite(ir::eq(b, number(0)), number(0), loaded)}});
    } else {
      const auto test = pair.source.add(ir::Cond{ir::eq(b, number(0))});
      pair.source.continue_from(test, 0);
      pair.source.add(ir::Return{{number(0)}});
      pair.source.continue_from(test, 1);
      pair.source.add(load(loaded, a));
      pair.source.add(ir::Return{{loaded}});
    }
    pair.binary.add(load(bits64("t0"), x0));
    pair.binary.add(set(x0, ir::ite(ir::eq(x1, number(0)), number(0), bits64("t0"))));
    pair.binary.add(return_to_caller());
    source_always_reads ? expect_proved(pair) : expect_not_proved(pair);
  }
}

ir::Node source_call(const std::string& symbol, Term argument, Term result) {
  ir::Call call;
  call.symbol = symbol;
  call.arguments = {in_register(0, argument)};
  if (result) call.results = {in_register(0, result)};
  return call;
}

ir::Node binary_call(std::uint64_t target) {
  ir::Call call;
  call.target = number(target);
  return call;
}

/// g(a); return *b — with the load of the binary before or after the call.
TestPair load_around_call(bool hoisted) {
  TestPair pair;
  pair.returns(64);
  pair.callee("g", 0x9000);
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  pair.source.add(source_call("g", a, Term()));
  pair.source.add(load(bits64("t.1"), b));
  pair.source.add(ir::Return{{bits64("t.1")}});
  Builder& code = pair.binary;
  code.add(set(sp, ir::sub(sp, number(32))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), x19));
  if (hoisted) code.add(load(bits64("t0"), x1));
  code.add(set(x19, x1));
  const auto before = code.function.graph.size();
  code.add(set(x30, number(0x1000 + 4 * (before + 1) + 4)));
  code.add(binary_call(0x9000));
  code.add(load(x0, x19));
  code.add(load(x19, ir::add(sp, number(8))));
  code.add(load(x30, sp));
  code.add(set(sp, ir::add(sp, number(32))));
  code.add(return_to_caller());
  return pair;
}

TEST(Prove, LaterUndefinedBehaviourDoesNotJustifyAnEarlierRead) {
  TestPair in_order = load_around_call(false), hoisted = load_around_call(true);
  expect_proved(in_order);
  expect_not_proved(hoisted);
}

TEST(Prove, RedZone) {
  for (bool reserved : {true, false}) {
    TestPair pair = adds(0, 0);
    pair.binary = Builder{};
    if (reserved) pair.binary.add(set(sp, ir::sub(sp, number(16))));
    const Term slot = reserved ? sp : ir::sub(sp, number(8));
    pair.binary.add(store(slot, x0));
    pair.binary.add(load(x0, slot));
    if (reserved) pair.binary.add(set(sp, ir::add(sp, number(16))));
    pair.binary.add(return_to_caller());
    reserved ? expect_proved(pair) : expect_not_proved(pair);
  }
}

ir::Node volatile_store(Term address, Term value) {
  ir::Store node{address, value, value.width() / 8};
  node.is_volatile = true;
  return node;
}

TEST(Prove, VolatileStoresKeepOrderAndNumber) {
  for (int shape = 0; shape < 3; ++shape) {
    TestPair pair;
    pair.source.function.parameters = {in_register(0, a)};
    pair.source.add(volatile_store(a, number(1, 32)));
    pair.source.add(volatile_store(a, number(2, 32)));
    pair.source.add(ir::Return{});
    pair.binary.add(store(x0, number(shape == 1 ? 2 : 1, 32)));
    if (shape != 2) pair.binary.add(store(x0, number(shape == 1 ? 1 : 2, 32)));
    if (shape == 2) pair.binary.add(set(x1, number(2)));
    pair.binary.add(return_to_caller());
    shape == 0 ? expect_proved(pair) : expect_not_proved(pair);
  }
}

ir::Node volatile_load(Term result, Term address) {
  ir::Load node{result, address, result.width() / 8};
  node.is_volatile = true;
  return node;
}

TEST(Prove, VolatileGlobalIsReadAsOftenAsTheSourceSays) {
  for (bool twice : {false, true}) {
    TestPair pair;
    pair.returns(32);
    validator::Symbol flag;
    flag.name = "flag";
    flag.address = 0x8000;
    flag.bytes = 4;
    flag.kind = validator::SymbolKind::object;
    pair.image.symbols.push_back(flag);
    pair.source.add(volatile_load(bits("v.1", 32), bits64("@flag")));
    pair.source.add(ir::Return{{bits("v.1", 32)}});
    pair.binary.add(load(bits("t0", 32), number(0x8000)));
    if (twice) pair.binary.add(load(bits("t1", 32), number(0x8000)));
    pair.binary.add(set(x0, ir::zext(bits("t0", 32), 64)));
    pair.binary.add(return_to_caller());
    twice ? expect_not_proved(pair) : expect_proved(pair);
  }
}

bool mentions(const Outcome& outcome, const std::string& id, const std::string& scope) {
  return std::any_of(outcome.assumptions.begin(), outcome.assumptions.end(), [&](const validator::Assumption& assumption) {
    return assumption.id == id && assumption.scope.find(scope) != std::string::npos;
  });
}

TEST(Prove, ReleaseComesBehindWhatItPublishes) {
  enum Shape { right, weaker, stronger, behind, shapes };
  for (int shape = 0; shape < shapes; ++shape) {
    TestPair pair;
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    pair.source.add(store(b, number(7, 32)));
    ir::Store flag{a, number(1, 32), 4};
    flag.is_volatile = true;
    flag.order = shape == stronger ? ir::Order::plain : ir::Order::release;
    pair.source.add(flag);
    pair.source.add(ir::Return{});
    ir::Store ours{x0, number(1, 32), 4};
    ours.order = shape == weaker ? ir::Order::plain : ir::Order::release;
    if (shape == behind) pair.binary.add(ours);
    pair.binary.add(store(x1, number(7, 32)));
    if (shape != behind) pair.binary.add(ours);
    pair.binary.add(return_to_caller());
    if (shape == weaker || shape == behind) {
      expect_not_proved(pair);
      continue;
    }
    expect_proved(pair);
    EXPECT_FALSE(mentions(pair.prove(), "A-CALLEE", "")) << "no callee is called";
  }
}

TEST(Prove, AcquireShowsWhatOthersHaveWritten) {
  enum Shape { right, weaker, remembered, shapes };
  for (int shape = 0; shape < shapes; ++shape) {
    TestPair pair;
    pair.returns(32);
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    const Term before = bits("v.1", 32), behind = bits("v.2", 32);
    pair.source.add(load(before, b));
    ir::Load flag{bits("f.3", 32), a, 4};
    flag.is_volatile = true;
    flag.order = ir::Order::acquire;
    pair.source.add(flag);
    pair.source.add(load(behind, b));
    pair.source.add(ir::Return{{ir::sub(behind, before)}});
    pair.binary.add(load(bits("t0", 32), x1));
    ir::Load ours{bits("t1", 32), x0, 4};
    ours.order = shape == weaker ? ir::Order::plain : ir::Order::acquire;
    pair.binary.add(ours);
    if (shape != remembered) pair.binary.add(load(bits("t2", 32), x1));
    const Term difference = shape == remembered ? number(0, 32) : ir::sub(bits("t2", 32), bits("t0", 32));
    pair.binary.add(set(x0, ir::zext(difference, 64)));
    pair.binary.add(return_to_caller());
    if (shape != right) {
      expect_not_proved(pair);
      continue;
    }
    expect_proved(pair);
    EXPECT_TRUE(mentions(pair.prove(), "A-OBS", "acquire"));
  }
}

TEST(Prove, InfiniteLoopIsNotAReturn) {
  TestPair pair;
  const auto loop = pair.source.add(ir::Basic{});
  pair.source.jump(loop);
  pair.binary.add(return_to_caller());
  expect_not_proved(pair);
}

/// for (i = 0; i < n; i++) p[i] = 0 against a pointer loop; `step` is what the binary adds to its pointer.
TestPair clear_loop(std::uint64_t step, bool stores_zero) {
  TestPair pair;
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  const Term i = bits64("i.3");
  pair.source.add(ir::Assert{ir::ult(b, number(std::uint64_t{1} << 60)), "ub-pointer-overflow"});
  pair.source.add(set(i, number(0)));
  const auto test = pair.source.add(ir::Cond{ir::ult(i, b)});
  pair.source.continue_from(test, 0);
  const Term target = ir::add(a, ir::shl(i, number(3)));
  pair.source.add(ir::Assert{ir::eq(ir::extract(2, 0, target), number(0, 3)), "ub-align"});
  pair.source.add(store(target, number(0)));
  pair.source.add(set(i, ir::add(i, number(1))));
  pair.source.jump(test);
  pair.source.continue_from(test, 1);
  pair.source.add(ir::Return{});

  const Term end = bits64("X2");
  const auto guard = pair.binary.add(ir::Cond{ir::eq(x1, number(0))});
  pair.binary.continue_from(guard, 1);
  pair.binary.add(set(end, ir::add(x0, ir::shl(x1, number(3)))));
  const auto body = pair.binary.add(store(x0, number(stores_zero ? 0 : 1)));
  pair.binary.add(set(x0, ir::add(x0, number(step))));
  const auto again = pair.binary.add(ir::Cond{ir::eq(x0, end)});
  pair.binary.branch(again, 1, body);
  pair.binary.continue_from(again, 0);
  const auto out = pair.binary.add(return_to_caller());
  pair.binary.branch(guard, 0, out);
  return pair;
}

TEST(Prove, LoopByInduction) {
  TestPair right = clear_loop(8, true), stride = clear_loop(16, true), value = clear_loop(8, false);
  expect_proved(right);
  expect_not_proved(stride);
  expect_not_proved(value);
}

TEST(Prove, LoopOfCallsNeedsTheCalls) {
  for (bool calls : {true, false}) {
    TestPair pair;
    pair.callee("g", 0x9000);
    pair.source.function.parameters = {in_register(0, a)};
    const Term i = bits64("i.3");
    pair.source.add(set(i, number(0)));
    const auto test = pair.source.add(ir::Cond{ir::ult(i, a)});
    pair.source.continue_from(test, 0);
    pair.source.add(source_call("g", i, Term()));
    pair.source.add(set(i, ir::add(i, number(1))));
    pair.source.jump(test);
    pair.source.continue_from(test, 1);
    pair.source.add(ir::Return{});

    const Term x20 = bits64("X20");
    Builder& code = pair.binary;
    code.add(set(sp, ir::sub(sp, number(32))));
    code.add(store(sp, x30));
    code.add(store(ir::add(sp, number(8)), x19));
    code.add(store(ir::add(sp, number(16)), x20));
    code.add(set(x19, number(0)));
    code.add(set(x20, x0));
    const auto again = code.add(ir::Cond{ir::ult(x19, x20)});
    code.continue_from(again, 0);
    code.add(set(x0, x19));
    const auto before = code.function.graph.size();
    code.add(set(x30, number(0x1000 + 4 * (before + 1) + 4)));
    code.add(calls ? binary_call(0x9000) : set(x0, number(0)));
    code.add(set(x19, ir::add(x19, number(1))));
    code.jump(again);
    code.continue_from(again, 1);
    code.add(load(x20, ir::add(sp, number(16))));
    code.add(load(x19, ir::add(sp, number(8))));
    code.add(load(x30, sp));
    code.add(set(sp, ir::add(sp, number(32))));
    code.add(return_to_caller());
    calls ? expect_proved(pair) : expect_not_proved(pair);
  }
}

TEST(Prove, ContradictionIsNotAProof) {
  TestPair pair;
  pair.returns(64);
  pair.source.function.parameters = {in_register(0, a)};
  pair.source.add(ir::Assert{ir::ult(a, number(5)), "ub-shift"});
  pair.source.add(ir::Assert{ir::ult(number(7), a), "ub-shift"});
  pair.source.add(ir::Return{{a}});
  pair.binary.add(set(x0, ir::udiv(x0, number(3))));
  pair.binary.add(return_to_caller());
  const Outcome outcome = pair.prove();
  EXPECT_EQ(outcome.verdict, Verdict::error);
  EXPECT_EQ(outcome.reason, "vacuous");
}

}  // namespace
