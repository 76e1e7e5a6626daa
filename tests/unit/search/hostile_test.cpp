// SPDX-License-Identifier: Apache-2.0
// Wrong machine code that a careless checker proves: each pair stands beside the nearest right one.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "pair_builder.hpp"

namespace {

using namespace testing_pairs;
using validator::Verdict;

const Term x0 = bits64("X0"), x1 = bits64("X1"), x19 = bits64("X19"), x20 = bits64("X20"), x30 = bits64("X30"), sp = bits64("SP");
const Term a = bits64("a.1"), b = bits64("b.2");
constexpr std::uint64_t callee_address = 0x9000;

void expect_verdict(TestPair& pair, bool right) {
  const validator::Outcome outcome = pair.prove();
  if (right) {
    EXPECT_EQ(outcome.verdict, Verdict::proved) << outcome.reason << ": " << outcome.text;
  } else {
    EXPECT_NE(outcome.verdict, Verdict::proved);
  }
}

ir::Node source_call(std::vector<ir::AbiSlot> arguments) {
  ir::Call call;
  call.symbol = "g";
  call.arguments = std::move(arguments);
  return call;
}

void binary_call(Builder& code) {
  const auto before = code.function.graph.size();
  code.add(set(x30, number(0x1000 + 4 * (before + 1) + 4)));
  ir::Call call;
  call.target = number(callee_address);
  code.add(std::move(call));
}

void enter(Builder& code) {
  code.add(set(sp, ir::sub(sp, number(48))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), x19));
  code.add(store(ir::add(sp, number(16)), x20));
}

void leave(Builder& code) {
  code.add(load(x20, ir::add(sp, number(16))));
  code.add(load(x19, ir::add(sp, number(8))));
  code.add(load(x30, sp));
  code.add(set(sp, ir::add(sp, number(48))));
  code.add(return_to_caller());
}

/// return i == -1 ? 10 : i == 0 ? 20 : i == 1 ? 30 : 0, from a table whose index counts from its middle. Wrong: values the wrong way
/// round, a bound that reads before the table, and one more value that comes from behind it.
TEST(Hostile, ATableIsReadFromItsMiddleInBothDirections) {
  enum class Kind { right, turned, before, behind };
  for (const unsigned shift : {3U, 0U}) {
    for (const Kind kind : {Kind::right, Kind::turned, Kind::before, Kind::behind}) {
      TestPair pair;
      pair.returns(64);
      const Term stride = number(std::uint64_t{1} << shift);
      validator::Segment table;
      table.address = 0x5000;
      for (const std::uint8_t value : {10, 20, 30}) {
        for (unsigned i = 0; i < stride.value64(); ++i) table.bytes.push_back(i == 0 ? value : 0);
      }
      if (kind == Kind::turned) std::reverse(table.bytes.begin(), table.bytes.end());
      if (kind == Kind::turned && shift != 0) std::rotate(table.bytes.begin(), table.bytes.begin() + 7, table.bytes.end());
      pair.image.segments.push_back(table);
      pair.source.function.parameters = {in_register(0, a)};
      const Term r = bits64("r.3");
      Term value = number(0);
      for (const auto& [index, result] : {std::pair{~std::uint64_t{0}, 10}, {std::uint64_t{0}, 20}, {std::uint64_t{1}, 30}}) {
        value = ir::ite(ir::eq(a, number(index)), number(static_cast<std::uint64_t>(result)), value);
      }
      pair.source.add(set(r, value));
      pair.source.add(ir::Return{{r}});
      Builder& code = pair.binary;
      const std::uint64_t below = kind == Kind::before ? 2 : 1, size = kind == Kind::before || kind == Kind::behind ? 4 : 3;
      const auto inside = code.add(ir::Cond{ir::ult(ir::add(x0, number(below)), number(size))});
      const Term read = bits("t0", 8 * static_cast<unsigned>(stride.value64()));
      code.continue_from(inside, 0);
      code.add(load(read, ir::add(number(0x5000 + stride.value64()), ir::mul(x0, stride))));
      code.add(set(x0, ir::zext(read, 64)));
      code.add(return_to_caller());
      code.continue_from(inside, 1);
      code.add(set(x0, number(0)));
      code.add(return_to_caller());
      expect_verdict(pair, kind == Kind::right);
    }
  }
}

/// return *(c ? p : q); the binary reads both, or one of them for the wrong condition, or through one chosen pointer.
TEST(Hostile, AChosenPointerIsReadForItsOwnConditionOnly) {
  for (const unsigned kind : {0U, 1U, 2U}) {
    TestPair pair;
    pair.returns(64);
    const Term c = bits64("c.3"), r = bits64("r.4");
    pair.source.function.parameters = {in_register(0, c), in_register(1, a), in_register(2, b)};
    const auto test = pair.source.add(ir::Cond{ir::eq(c, number(0))});
    pair.source.continue_from(test, 0);
    pair.source.add(load(r, a));
    const auto join = pair.source.add(ir::Return{{r}});
    pair.source.continue_from(test, 1);
    pair.source.add(load(r, ir::add(b, number(8))));
    pair.source.jump(join);
    const Term x2 = bits64("X2"), chosen = ir::ite(ir::eq(x0, number(0)), x1, ir::add(x2, number(8)));
    if (kind == 1) pair.binary.add(load(bits64("t1"), ir::ite(ir::eq(x0, number(1)), x1, ir::add(x2, number(8)))));
    if (kind == 2) pair.binary.add(load(bits64("t1"), ir::ite(ir::eq(x0, number(0)), ir::add(x2, number(8)), x1)));
    pair.binary.add(load(bits64("t0"), chosen));
    pair.binary.add(set(x0, bits64("t0")));
    pair.binary.add(return_to_caller());
    expect_verdict(pair, kind == 0);
  }
}

TEST(Hostile, AnExclusiveLoadMayNotLoseItsAcquire) {
  for (bool right : {true, false}) {
    TestPair pair;
    pair.returns(32);
    pair.source.function.parameters = {in_register(0, a)};
    ir::Effect acquire{ir::EffectKind::exclusive_load, "", {a}, bits("t.3", 32), 4, ir::Order::acquire, true};
    pair.source.add(acquire);
    pair.source.add(ir::Return{{bits("t.3", 32)}});
    pair.binary.add(ir::Effect{ir::EffectKind::exclusive_load, "", {x0}, bits("t0w32", 32), 4,
                               right ? ir::Order::acquire : ir::Order::plain, false});
    pair.binary.add(set(x0, ir::zext(bits("t0w32", 32), 64)));
    pair.binary.add(return_to_caller());
    expect_verdict(pair, right);
  }
}

/// *p = 1; g(); and a binary that stores what is there anyway once more behind the call.
TEST(Hostile, AStoreMayNotBeRepeatedBehindACall) {
  for (bool right : {true, false}) {
    TestPair pair;
    pair.callee("g", callee_address);
    pair.source.function.parameters = {in_register(0, a)};
    pair.source.add(store(a, number(1, 32)));
    pair.source.add(source_call({}));
    pair.source.add(ir::Return{});
    enter(pair.binary);
    pair.binary.add(set(x19, x0));
    pair.binary.add(store(x19, number(1, 32)));
    binary_call(pair.binary);
    if (!right) {
      pair.binary.add(load(bits("t0", 32), x19));
      pair.binary.add(store(x19, bits("t0", 32)));
    }
    leave(pair.binary);
    expect_verdict(pair, right);
  }
}

/// x = *p; if (c) barrier with "memory" else barrier without; g(); *p = 1. One barrier in the binary, and behind it, where the source
/// had the one without, a store that the source makes behind the call only.
TEST(Hostile, EventsOfOneKindMayDifferInWhatTheyCompare) {
  for (bool right : {true, false}) {
    TestPair pair;
    pair.callee("g", callee_address);
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    const Term read = bits64("t.3");
    pair.source.add(load(read, a));
    const auto test = pair.source.add(ir::Cond{ir::eq(b, number(0))});
    const auto barrier = [](bool memory) { return ir::Effect{ir::EffectKind::barrier, "dsb sy", {}, Term(), 0, ir::Order::plain, memory}; };
    pair.source.continue_from(test, 0);
    pair.source.add(barrier(false));
    const auto join = pair.source.add(ir::Basic{});
    pair.source.add(source_call({}));
    pair.source.add(store(a, number(1)));
    pair.source.add(ir::Return{});
    pair.source.continue_from(test, 1);
    pair.source.add(barrier(true));
    pair.source.jump(join);

    Builder& code = pair.binary;
    enter(code);
    code.add(set(x19, x0));
    code.add(load(x20, x0));
    code.add(barrier(false));
    if (!right) {
      const auto skip = code.add(ir::Cond{ir::eq(x1, number(0))});
      code.continue_from(skip, 0);
      code.add(store(x19, x20));
      const auto joined = code.add(ir::Basic{});
      code.branch(skip, 1, joined);
    }
    binary_call(code);
    code.add(store(x19, number(1)));
    leave(code);
    expect_verdict(pair, right);
  }
}

/// u32 x = a; g(&x, ...); return x. `spoil` runs when x is at SP+44 of a frame of 48 bytes, and stored.
TestPair escaping_local(const std::function<void(Builder&)>& spoil, std::vector<ir::AbiSlot> more = {}, std::int64_t place = 44) {
  TestPair pair;
  pair.returns(32);
  pair.callee("g", callee_address);
  const Term x = bits64("%x.3"), value = bits("t.4", 32);
  pair.source.function.locals = {{x, "x", 4, 4}};
  pair.source.function.parameters = {in_register(0, bits("a.1", 32))};
  pair.source.add(ir::Lifetime{x, true});
  pair.source.add(store(x, bits("a.1", 32)));
  more.insert(more.begin(), in_register(0, x));
  pair.source.add(source_call(more));
  pair.source.add(load(value, x));
  pair.source.add(ir::Lifetime{x, false});
  pair.source.add(ir::Return{{value}});
  Builder& code = pair.binary;
  enter(code);
  const Term at = ir::add(sp, number(static_cast<std::uint64_t>(place)));
  code.add(store(at, ir::extract(31, 0, x0)));
  spoil(code);
  code.add(set(x0, ir::add(sp, number(static_cast<std::uint64_t>(place)))));
  binary_call(code);
  code.add(load(bits("t0", 32), at));
  code.add(set(x0, ir::zext(bits("t0", 32), 64)));
  leave(code);
  return pair;
}

TEST(Hostile, APrivateStoreMayNotReachIntoAnEscapedLocal) {
  TestPair below = escaping_local([](Builder& code) { code.add(store(ir::add(sp, number(36)), number(0))); });
  expect_verdict(below, true);
  TestPair into = escaping_local([](Builder& code) { code.add(store(ir::add(sp, number(40)), number(0))); });
  expect_verdict(into, false);
}

TEST(Hostile, AStoreToAnEscapedLocalMayNotReachIntoTheFrame) {
  for (bool right : {true, false}) {
    TestPair pair = escaping_local(
        [&](Builder& code) {
          code.add(store(ir::add(sp, number(36)), number(7, 32)));
          if (!right) code.add(store(ir::add(sp, number(32)), ir::concat(number(0, 32), ir::extract(31, 0, x0))));
          code.add(load(bits("t1", 32), ir::add(sp, number(36))));
          code.add(store(ir::add(sp, number(32)), ir::add(ir::extract(31, 0, x0), ir::sub(bits("t1", 32), number(7, 32)))));
        },
        {}, 32);
    expect_verdict(pair, right);
  }
}

TEST(Hostile, AnEscapedLocalIsLostWhileSpIsAboveIt) {
  for (bool right : {true, false}) {
    TestPair pair = escaping_local([&](Builder& code) {
      code.add(set(sp, ir::add(sp, number(right ? 0 : 48))));
      code.add(set(sp, ir::sub(sp, number(right ? 0 : 48))));
      code.add(store(sp, x30));
      code.add(store(ir::add(sp, number(8)), x19));
      code.add(store(ir::add(sp, number(16)), x20));
    });
    expect_verdict(pair, right);
  }
}

TEST(Hostile, OutgoingArgumentsBelongToTheCallee) {
  const ir::AbiSlot on_stack{{ir::AbiPlace::Kind::stack, 0}, number(5, 32)};
  for (bool right : {true, false}) {
    TestPair pair = escaping_local([](Builder&) {}, {on_stack});
    // The argument takes four of the eight bytes of its slot at SP; the twin keeps x in the other four.
    Builder code;
    const Term slot = ir::add(sp, number(right ? 20 : 4));
    code.add(set(sp, ir::sub(sp, number(32))));
    code.add(store(ir::add(sp, number(8)), x30));
    code.add(store(slot, ir::extract(31, 0, x0)));
    code.add(store(sp, number(5, 32)));
    code.add(set(x0, slot));
    binary_call(code);
    code.add(load(bits("t0", 32), slot));
    code.add(set(x0, ir::zext(bits("t0", 32), 64)));
    code.add(load(x30, ir::add(sp, number(8))));
    code.add(set(sp, ir::add(sp, number(32))));
    code.add(return_to_caller());
    pair.binary = code;
    expect_verdict(pair, right);
  }
}

TEST(Hostile, SpStaysInTheFunctionsOwnStack) {
  const Term kept = bits64("X9");
  for (int shape = 0; shape < 4; ++shape) {
    TestPair pair;
    pair.returns(64);
    pair.source.function.parameters = {in_register(0, a)};
    pair.source.add(ir::Return{{a}});
    Builder& code = pair.binary;
    code.add(set(kept, sp));
    if (shape == 0) code.add(set(sp, ir::sub(sp, number(32))));
    if (shape == 1) code.add(set(sp, ir::add(sp, number(32))));  // gives the caller's frame away
    if (shape == 2) code.add(set(sp, ir::sub(sp, number(8))));   // SP alignment fault (Arm ARM D1.8.2)
    code.add(set(sp, kept));
    code.add(return_to_caller());
    if (shape != 3) expect_verdict(pair, shape == 0);
  }
  TestPair pair;
  pair.source.function.parameters = {in_register(0, a)};
  pair.source.add(ir::Return{});
  pair.binary.add(set(kept, sp));
  pair.binary.add(set(sp, x0));
  pair.binary.add(set(sp, kept));
  pair.binary.add(return_to_caller());
  expect_verdict(pair, false);
}

/// return table[10 - i], in bytes: a negative stride, which wraps.
TEST(Hostile, ATableIsIndexedModuloTwoToThe64) {
  for (bool right : {true, false}) {
    TestPair pair;
    pair.returns(8);
    pair.image.segments.push_back({0x4000, {3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5, 8, 9, 7, 9, 3}, false, false});
    pair.source.function.parameters = {in_register(0, a)};
    pair.source.add(ir::Assert{ir::ult(a, number(11)), "ub-bounds"});
    pair.source.add(load(bits("t.3", 8), ir::sub(number(0x400a), a)));
    pair.source.add(ir::Return{{bits("t.3", 8)}});
    if (right) {
      pair.binary.add(load(bits("t0", 8), ir::sub(number(0x400a), x0)));
      pair.binary.add(set(x0, ir::zext(bits("t0", 8), 64)));
    } else {
      pair.binary.add(set(x0, ir::ite(ir::eq(x0, number(0)), number(5), number(3))));
    }
    pair.binary.add(return_to_caller());
    expect_verdict(pair, right);
  }
}

}  // namespace
