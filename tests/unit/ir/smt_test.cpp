// SPDX-License-Identifier: Apache-2.0
// The SMT translation means what the evaluator means, in both memory encodings and with every engine; goals that are false are not
// proved.
#include "ir/smt.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "ir/build.hpp"
#include "ir/text.hpp"

namespace ir {
namespace {

class Smt : public ::testing::TestWithParam<std::tuple<MemoryEncoding, Engine>> {
 protected:
  static SolverOptions options() { return {.encoding = std::get<0>(GetParam()), .engine = std::get<1>(GetParam())}; }
  Solver solver{options()};
  Term x = var("sx", Sort::bitvec(64));
  Term y = var("sy", Sort::bitvec(64));
  Term z = var("sz", Sort::bitvec(64));
  Term a = var("sa", Sort::bitvec(8));
  Term b = var("sb", Sort::bitvec(8));
  Term m = var("smem", Sort::memory());
};

TEST_P(Smt, ArithmeticFacts) {
  EXPECT_EQ(solver.prove(ule(bit_and(x, y), x)), Answer::valid);
  EXPECT_EQ(solver.prove(ule(bit_or(x, y), x)), Answer::invalid);
  EXPECT_EQ(solver.prove(eq(udiv(a, b), bv(0, 8))), Answer::invalid);
  EXPECT_EQ(solver.prove(implies(eq(b, bv(0, 8)), eq(udiv(a, b), bv(0, 8)))), Answer::valid);
  EXPECT_EQ(solver.prove(implies(eq(b, bv(0, 8)), eq(sdiv(a, b), bv(0, 8)))), Answer::valid);
  EXPECT_EQ(solver.prove(eq(add(mul(udiv(a, b), b), urem(a, b)), a)), Answer::valid);
  const Term c = var("sc", Sort::bitvec(8));
  const Term product = mul(mul(a, b), c);
  EXPECT_EQ(solver.prove(implies(eq(c, bv(0, 8)), eq(product, bv(0, 8)))), Answer::valid);
  EXPECT_EQ(solver.prove(implies(eq(c, bv(2, 8)), eq(product, mul(a, b)))), Answer::invalid);
}

TEST_P(Smt, AssumptionsAndScopes) {
  solver.push();
  solver.assume(ult(x, bv(10, 64)));
  EXPECT_EQ(solver.prove(ult(x, bv(11, 64))), Answer::valid);
  EXPECT_EQ(solver.prove(ult(x, bv(9, 64))), Answer::invalid);
  EXPECT_EQ(solver.model().scalars.at(x), u128{9});
  solver.pop();
  EXPECT_EQ(solver.prove(ult(x, bv(11, 64))), Answer::invalid);
  EXPECT_EQ(solver.satisfiable(ult(x, bv(1, 64))), Answer::valid);
  EXPECT_EQ(solver.satisfiable(logical_and(ult(x, y), ult(y, x))), Answer::invalid);
}

TEST_P(Smt, MemoryEqualityAtOneAddress) {
  const Term p = store(store(m, x, a), y, b);
  const Term q = store(store(m, y, b), x, a);
  EXPECT_EQ(solver.prove(eq(p, q)), Answer::invalid);
  EXPECT_EQ(solver.prove(logical_or(eq(x, y), eq(p, q))), Answer::valid);
  EXPECT_EQ(solver.prove(logical_and(eq(store(m, x, load(m, x, 8)), m), ule(a, bv(255, 8)))), Answer::valid);
  EXPECT_EQ(solver.prove(eq(store(m, x, load(m, x, 8)), store(m, x, load(m, y, 8)))), Answer::invalid);
}

TEST_P(Smt, UnalignedAccessesAreExact) {
  for (unsigned bytes : {1U, 2U, 3U, 5U, 8U}) {
    const Term value = var(std::string("sv").append(std::to_string(bytes)), Sort::bitvec(8 * bytes));
    const Term stored = store(m, x, value);
    // The byte at y, wherever it is, through the solver rather than through the constructors.
    const Term distance = sub(y, x);
    Term expected = load(m, y, 1);
    for (unsigned i = 0; i < bytes; ++i)
      expected = ite(eq(distance, bv(i, 64)), extract(8 * i + 7, 8 * i, value), expected);
    EXPECT_EQ(solver.prove(eq(load(stored, y, 1), expected)), Answer::valid) << bytes;
    EXPECT_EQ(solver.prove(eq(load(stored, y, 1), load(m, y, 1))), Answer::invalid) << bytes;
  }
}

TEST_P(Smt, AlignmentFactsAreUsedNotInvented) {
  const Term aligned = eq(extract(2, 0, x), bv(0, 3));
  const Term stored = store(m, x, y);
  solver.push();
  solver.assume(aligned);
  EXPECT_EQ(solver.prove(implies(eq(z, x), eq(load(stored, z, 8), y))), Answer::valid);
  EXPECT_EQ(solver.prove(eq(load(stored, add(x, bv(7, 64)), 1), extract(63, 56, y))), Answer::valid);
  solver.pop();
  EXPECT_EQ(solver.prove(implies(eq(z, x), eq(load(stored, z, 8), y))), Answer::valid);
}

TEST_P(Smt, ModelsReplay) {
  const Term stored = ite(ult(a, b), store(m, x, y), m);
  const Term goal = eq(load(stored, z, 8), load(m, z, 8));
  ASSERT_EQ(solver.prove(goal), Answer::invalid);
  EXPECT_EQ(evaluate(goal, solver.model()), u128{0});
}

TEST_P(Smt, AbstractionNeverRefutes) {
  SolverOptions given = options();
  given.abstract_arithmetic = true;
  Solver abstracted{given};
  EXPECT_EQ(abstracted.prove(implies(eq(x, z), eq(mul(x, y), mul(z, y)))), Answer::valid);
  EXPECT_EQ(abstracted.prove(eq(udiv(x, y), bv(7, 64))), Answer::unknown);
  EXPECT_EQ(abstracted.prove(ult(a, b)), Answer::invalid);
}

TEST_P(Smt, ResourceLimitGivesUnknown) {
  SolverOptions given = options();
  given.resource_limit = 1000;
  Solver poor{given};
  const Term wide = mul(zext(x, 128), zext(y, 128));
  EXPECT_EQ(poor.prove(implies(logical_and(ult(bv(1, 64), x), ult(bv(1, 64), y)), ne(wide, bv(18446744073709551557U, 128)))),
            Answer::unknown);
  EXPECT_FALSE(poor.unknown_reason().empty());
}

// Random small terms: with all variables fixed, the translation must have the evaluator's value.
TEST_P(Smt, TranslationAgreesWithTheEvaluator) {
  std::mt19937 random(7);
  for (unsigned round = 0; round < 30; ++round) {
    Valuation valuation;
    auto memory = std::make_shared<ConcreteMemory>(ConcreteMemory::filled(0));
    Term fixed_memory = m;
    std::vector<Term> pool = {a, b, var("sc", Sort::bitvec(8))};
    std::vector<Term> facts;
    for (Term variable : {a, b, var("sc", Sort::bitvec(8)), x, y}) {
      const u128 value = random() % 3 == 0 ? random() % 4 : random();
      valuation.scalars[variable] = value & mask(variable.width());
      facts.push_back(eq(variable, bv(value, variable.width())));
    }
    valuation.memories[m] = memory;
    for (unsigned i = 0; i < 12; ++i) {
      const Term p = pool[random() % pool.size()];
      const Term q = pool[random() % pool.size()];
      const Term at = add(random() % 2 == 0 ? x : y, bv(random() % 6, 64));
      switch (random() % 16) {
        case 0: pool.push_back(add(p, q)); break;
        case 1: pool.push_back(mul(p, q)); break;
        case 2: pool.push_back(udiv(p, q)); break;
        case 3: pool.push_back(sdiv(p, q)); break;
        case 4: pool.push_back(urem(p, q)); break;
        case 5: pool.push_back(srem(p, q)); break;
        case 6: pool.push_back(shl(p, q)); break;
        case 7: pool.push_back(lshr(p, q)); break;
        case 8: pool.push_back(ashr(p, q)); break;
        case 9: pool.push_back(clz(p)); break;
        case 10: pool.push_back(bit_xor(p, bit_not(q))); break;
        case 11: pool.push_back(ite(slt(p, q), p, bit_or(p, q))); break;
        case 12: pool.push_back(extract(9, 2, sext(p, 12))); break;
        case 13: fixed_memory = store(fixed_memory, at, concat(p, q)); break;
        case 14: pool.push_back(extract(15, 8, load(fixed_memory, at, 2))); break;
        case 15: pool.push_back(ite(ult(p, q), q, bit_and(p, q))); break;
      }
    }
    // The background of `m` is free for the solver, so only terms that do not read it are compared.
    for (Term term : pool) {
      const std::vector<Term> variables = variables_of(term);
      if (std::find(variables.begin(), variables.end(), m) != variables.end()) continue;
      const Term goal = eq(term, bv(evaluate(term, valuation), term.width()));
      EXPECT_EQ(solver.prove(implies(logical_and(facts), goal)), Answer::valid) << print(term);
    }
  }
}

std::vector<Engine> all_engines() {
  std::vector<Engine> list;
  for (const EngineRow& row : engines()) list.push_back(*engine_by_name(row.name));
  return list;
}

INSTANTIATE_TEST_SUITE_P(Encodings, Smt,
                         ::testing::Combine(::testing::Values(MemoryEncoding::words, MemoryEncoding::bytes), ::testing::ValuesIn(all_engines())),
                         [](const auto& info) {
                           return std::string(std::get<0>(info.param) == MemoryEncoding::words ? "words_" : "bytes_") +
                                  std::string(engine_name(std::get<1>(info.param)));
                         });

TEST(Engines, have_names_of_their_own) {
  for (const Engine engine : all_engines()) EXPECT_EQ(engine_by_name(engine_name(engine)), engine);
  EXPECT_FALSE(engine_by_name("none"));
}

}  // namespace
}  // namespace ir
