// SPDX-License-Identifier: Apache-2.0
// A normal form of memory terms that the constructors do not have: provably disjoint stores in one order, shadowed
// stores dropped, stores common to both sides of an if-then-else pulled out. Most memory obligations
// close by comparing the two normal forms as pointers.
#pragma once

#include <unordered_map>

#include "ir/build.hpp"

namespace validator::check {

/// Equal to its argument in every state. Keeps a memo: one object serves many terms.
class MemoryOrder {
 public:
  ir::Term normal(ir::Term memory);

 private:
  ir::Term insert(ir::Term memory, ir::Term address, ir::Term value, unsigned depth);
  ir::Term store_changed(ir::Term memory, ir::Term address, ir::Term value);
  ir::Term merge(ir::Term condition, ir::Term if_true, ir::Term if_false, unsigned depth);

  std::unordered_map<ir::Term, ir::Term> memo_;
};

}  // namespace validator::check
