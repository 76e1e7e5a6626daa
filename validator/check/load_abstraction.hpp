// SPDX-License-Identifier: Apache-2.0
// Questions about memory without memory: each byte that a load reads becomes a variable of its own, the same for
// loads of the same memory at the same base. That forgets which other addresses may be equal and what stores did, so
// only an answer `valid` means something; but it is a question of bit-vectors alone, which solvers answer
// quickly (cf. Bryant, Lahiri, Seshia: CLU with uninterpreted memories, CAV 2002).
#pragma once

#include <unordered_map>

#include "ir/build.hpp"

namespace validator::check {

class LoadAbstraction {
 public:
  /// Any term without an equation of memories in it.
  ir::Term apply(ir::Term term);
  /// Whether a load was replaced so far.
  bool used() const { return used_; }

 private:
  std::unordered_map<ir::Term, ir::Term> memo_;
  bool used_ = false;
};

/// Does the term compare whole memories?
bool compares_memories(ir::Term term);

}  // namespace validator::check
