// SPDX-License-Identifier: Apache-2.0
// The wall around Z3: nothing outside smt_z3.cpp includes a solver header.
//
// A Solver holds permanent assumptions and proves goals under them, incrementally, with deterministic resource
// limits (Z3 rlimit; wall time is only a safety net). `valid` means that Z3 said unsat to assumptions and
// negated goal; `invalid` that it gave a model; everything else is `unknown` with a reason.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "ir/engine.hpp"
#include "ir/eval.hpp"
#include "ir/term.hpp"

namespace ir {

enum class Answer : std::uint8_t { valid, invalid, unknown };

/// How memory becomes arrays: `words` is BV61 -> BV64 with sub-word select and update, `bytes` is BV64 -> BV8.
enum class MemoryEncoding : std::uint8_t { words, bytes };

struct SolverOptions {
  MemoryEncoding encoding = MemoryEncoding::words;
  std::uint64_t resource_limit = 20'000'000;  ///< Z3 rlimit units for each query
  std::uint32_t wall_limit_ms = 60'000;       ///< safety net for each query
  std::uint32_t seed = 0;
  Engine engine = Engine::arrays;
  /// mul, div and rem of two non-constants become uninterpreted functions; a model is then never reported
  /// (`unknown` instead of `invalid`).
  bool abstract_arithmetic = false;
  bool keep_text = false;  ///< make last_query_smt2() available
};

struct SolverStatistics {
  std::uint64_t queries = 0;
  std::uint64_t resource_units = 0;
};

class Solver {
 public:
  explicit Solver(SolverOptions options = {});
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  void push();
  void pop();
  /// Adds an assumption (Bool) until the matching pop. Assumptions that fix low address bits to zero also let
  /// the words encoding treat accesses at that base as aligned.
  void assume(Term condition);
  /// Is the goal true in every state that satisfies the assumptions? Equality of memories in a goal is decided
  /// at one fresh (skolem) address.
  Answer prove(Term goal);
  /// Is there a state that satisfies the assumptions and the condition? valid = yes (model available), invalid = no.
  Answer satisfiable(Term condition);

  /// After `invalid` of prove or `valid` of satisfiable: values for all variables that occurred.
  const Valuation& model() const;
  const std::string& unknown_reason() const;
  const SolverStatistics& statistics() const;
  /// The last query as SMT-LIB text (SolverOptions::keep_text), for `show --smt2` and other solvers.
  std::string last_query_smt2() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// "Z3 4.8.12", for reports and the cache key.
std::string solver_version();

}  // namespace ir
