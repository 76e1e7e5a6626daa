// SPDX-License-Identifier: Apache-2.0
// The two graphs that concrete runs compare: as the prover sees them, each with the callees inlined that the other half
// does not call. The lifted graphs alone part at the first call that the compiler has inlined, and show nothing behind
// it.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "validator/app/pipeline.hpp"
#include "validator/prove.hpp"
#include "validator/replay/search.hpp"
#include "validator/search/inlining.hpp"

namespace validator::app {

/// The prover's question for a pair of the image.
Problem problem_of(const Loaded& loaded, const std::string& symbol, const Limits& limits,
                   std::set<std::uint64_t> inline_both = {});

class TestPair {
 public:
  /// `inline_both`: callees (addresses) that are inlined in both halves, beside those that the compiler inlined at some
  /// calls only. Where inlining is impossible the lifted graphs stand alone.
  TestPair(const Loaded& loaded, const std::string& symbol, const std::set<std::uint64_t>& inline_both);
  TestPair(const TestPair&) = delete;
  TestPair& operator=(const TestPair&) = delete;

  const replay::SearchProblem& problem() const { return test_; }
  const search::Pair& pair() const { return pair_; }
  const check::Evidence& evidence() const { return evidence_; }
  const Problem& proof() const { return proof_; }
  /// False: a callee that should be inlined could not be.
  bool complete() const { return complete_; }
  /// Without link-time optimisation a compiler knows no more of another unit's function than its declaration.
  bool is_opaque(const ir::Function& callee) const {
    return !loaded_.link_time_optimisation && callee.unit != pair_.source.unit && !callee.is_inline && !callee.internal;
  }
  /// A function of the sources that could not be lifted is called: what the compiler knows of it, nobody here knows.
  bool calls_what_was_not_lifted() const;
  /// Callees with bodies in both halves that one of these two events calls, if the compiler could see into them.
  std::set<std::uint64_t> transparent_callees(const replay::Event* source, const replay::Event* binary) const;

 private:
  static search::Pair inlined(const Problem& proof, const check::Evidence& evidence, bool& complete);
  void add_contracts();
  void add_bodies();

  const Loaded& loaded_;
  bool complete_ = true;
  Problem proof_;
  check::Surroundings around_;
  check::Evidence evidence_;
  search::Pair pair_;
  std::map<std::string, ir::Function> bodies_;
  replay::SearchProblem test_;
};

}  // namespace validator::app
