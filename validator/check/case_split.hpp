// SPDX-License-Identifier: Apache-2.0
// Proves a goal by cases. Solvers are slow on terms that are mostly if-then-else over paths and memories; a case fixes
// one condition, substitutes what that says everywhere, and the normalising constructors then fold most of
// both sides into the same term. What is left goes to the solver as a small straight-line question.
//
// Sound because every step is: a case and its opposite cover everything, equals replace equals, and a leaf is closed
// only as a term or by the solver.
#pragma once

#include <functional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/build.hpp"
#include "ir/smt.hpp"
#include "validator/check/memory_order.hpp"

namespace validator::check {

/// The condition that decides most of the term: that of the if-then-else nearest to its root, or, where conditions are compared as
/// values, one of their atoms. Null: the term has no choice in it.
ir::Term deciding_condition(ir::Term root);

/// What is known on one case. All members hold in it; `contradiction` says that no state is in the case.
class CaseFacts {
 public:
  /// Adds a condition and everything that follows from it by substitution.
  void assume(ir::Term condition);
  /// The term under what is known.
  ir::Term rewrite(ir::Term term);
  bool contradiction() const { return contradiction_; }
  /// For the solver: the conditions as they were assumed, and those that are still compound.
  std::vector<ir::Term> all() const;
  /// Conditions that are not single literals.
  const std::vector<ir::Term>& clauses() const { return clauses_; }

 private:
  struct Field {
    unsigned hi = 0, lo = 0;
    ir::u128 value = 0;
  };
  void learn(ir::Term literal);
  void replace(ir::Term from, ir::Term to);
  void fill_in(ir::Term whole, Field known);
  ir::Term visit(ir::Term term);
  ir::Term replaced(ir::Term term) const;
  ir::Term refreshed(ir::Term literal);
  bool is_unknown_part(ir::Term term) const;

  std::unordered_map<ir::Term, ir::Term> replacements_;
  std::unordered_map<ir::Term, std::vector<Field>> fields_;
  std::unordered_map<ir::Term, Field> partly_known_;  ///< the bits that are not known
  std::unordered_map<ir::Term, ir::Term> memo_;
  std::vector<ir::Term> literals_;  ///< as they were when they were learnt
  std::vector<ir::Term> clauses_;
  unsigned nested_ = 0;
  bool contradiction_ = false;
};

struct CaseAnswer {
  ir::Answer answer = ir::Answer::unknown;
  std::string reason;
};

class CaseSplit {
 public:
  /// `glance`: without what memories hold; `attempt`: a try; `real`: as much as one question may cost.
  enum class Effort : std::uint8_t { glance, attempt, real };
  /// Decides `assumptions imply goal` for a goal without much structure.
  using Solve = std::function<CaseAnswer(const std::vector<ir::Term>& assumptions, ir::Term goal, Effort effort)>;

  CaseSplit(Solve solve, MemoryOrder& order, unsigned leaf_limit);
  CaseAnswer prove(const std::vector<ir::Term>& assumptions, ir::Term goal);

 private:
  CaseAnswer close(CaseFacts facts, ir::Term goal, unsigned depth);
  CaseAnswer split(const CaseFacts& facts, ir::Term goal, ir::Term atom, unsigned depth);
  CaseAnswer leaf(const CaseFacts& facts, ir::Term goal, unsigned depth);
  ir::Term read_through(const CaseFacts& facts, ir::Term term, const std::unordered_set<ir::Term>& loads,
                        std::unordered_map<ir::Term, ir::Term>& memo);
  bool same_stores(const CaseFacts& facts, ir::Term left, ir::Term right, unsigned depth);

  Solve solve_;
  MemoryOrder& order_;
  unsigned leaves_left_;
};

}  // namespace validator::check
