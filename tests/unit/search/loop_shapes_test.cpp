// SPDX-License-Identifier: Apache-2.0
// Loops that do not look alike on both sides: copied out, unrolled, laid out in another order. Each beside its wrong
// twin.
#include <gtest/gtest.h>

#include "pair_builder.hpp"

namespace {

using namespace testing_pairs;
using validator::Verdict;

const Term x0 = bits64("X0"), x1 = bits64("X1"), x2 = bits64("X2"), a = bits64("a.1"), b = bits64("b.2"),
           i = bits64("i.3");

Term element(Term base, Term index) { return ir::add(base, ir::shl(index, number(3))); }

void expect(TestPair pair, bool proved) {
  const validator::Outcome outcome = pair.prove();
  EXPECT_EQ(outcome.verdict == Verdict::proved, proved) << outcome.reason << ": " << outcome.text;
}

/// for (i = first; i != last; ++i) p[i] = value;
void source_fill(Builder& code, Term first, Term last, std::uint64_t value) {
  code.add(set(i, first));
  const auto test = code.add(ir::Cond{ir::eq(i, last)});
  code.continue_from(test, 1);
  code.add(store(element(a, i), number(value)));
  code.add(set(i, ir::add(i, number(1))));
  code.jump(test);
  code.continue_from(test, 0);
}

TEST(LoopShapes, ConstantLengthCopiedOut) {
  for (unsigned stores : {2u, 3u, 4u}) {
    TestPair pair;
    pair.source.function.parameters = {in_register(0, a)};
    source_fill(pair.source, number(0), number(3), 7);
    pair.source.add(ir::Return{});
    for (unsigned at = 0; at < stores; ++at) pair.binary.add(store(element(x0, number(at)), number(7)));
    pair.binary.add(return_to_caller());
    expect(pair, stores == 3);
  }
}

TEST(LoopShapes, TwoIterationsAtATime) {
  for (std::uint64_t second : {7, 8}) {
    TestPair pair;
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    source_fill(pair.source, number(0), ir::shl(b, number(1)), 7);
    pair.source.add(ir::Return{});
    Builder& code = pair.binary;
    code.add(set(x1, ir::shl(x1, number(1))));
    code.add(set(x2, number(0)));
    const auto test = code.add(ir::Cond{ir::eq(x2, x1)});
    code.continue_from(test, 1);
    code.add(store(element(x0, x2), number(7)));
    code.add(store(ir::add(element(x0, x2), number(8)), number(second)));
    code.add(set(x2, ir::add(x2, number(2))));
    code.jump(test);
    code.continue_from(test, 0);
    code.add(return_to_caller());
    expect(pair, second == 7);
  }
}

/// An odd length would run past the end.
TEST(LoopShapes, TwoAtATimeNeedsAnEvenLength) {
  TestPair pair;
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  source_fill(pair.source, number(0), b, 7);
  pair.source.add(ir::Return{});
  Builder& code = pair.binary;
  code.add(set(x2, number(0)));
  const auto test = code.add(ir::Cond{ir::eq(x2, x1)});
  code.continue_from(test, 1);
  code.add(store(element(x0, x2), number(7)));
  code.add(store(ir::add(element(x0, x2), number(8)), number(7)));
  code.add(set(x2, ir::add(x2, number(2))));
  code.jump(test);
  code.continue_from(test, 0);
  code.add(return_to_caller());
  expect(pair, false);
}

/// if (b & 1) fill with 7, else fill with 9; the binary has the second loop first.
TEST(LoopShapes, BranchesInTheOtherOrder) {
  for (std::uint64_t last : {9, 7}) {
    TestPair pair;
    pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
    const auto choice = pair.source.add(ir::Cond{ir::bit(b, 0)});
    pair.source.continue_from(choice, 0);
    source_fill(pair.source, number(0), b, 7);
    pair.source.add(ir::Return{});
    pair.source.continue_from(choice, 1);
    source_fill(pair.source, number(0), b, 9);
    pair.source.add(ir::Return{});
    Builder& code = pair.binary;
    const auto test = code.add(ir::Cond{ir::logical_not(ir::bit(x1, 0))});
    for (unsigned side : {0u, 1u}) {
      code.continue_from(test, side);
      code.add(set(x2, number(0)));
      const auto again = code.add(ir::Cond{ir::eq(x2, x1)});
      code.continue_from(again, 1);
      code.add(store(element(x0, x2), number(side == 0 ? last : 7)));
      code.add(set(x2, ir::add(x2, number(1))));
      code.jump(again);
      code.continue_from(again, 0);
      code.add(return_to_caller());
    }
    expect(pair, last == 9);
  }
}

}  // namespace
