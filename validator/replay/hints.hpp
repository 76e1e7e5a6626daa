// SPDX-License-Identifier: Apache-2.0
// What the source graph tells a tester about its inputs: which values end up as addresses, which constants it
// compares with. Heuristic: a wrong hint costs runs, never soundness. Private to this folder.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "ir/function.hpp"

namespace validator::replay {

class Hints {
 public:
  explicit Hints(const ir::Function& source);

  bool is_pointer(ir::Term variable) const { return pointers_.contains(variable); }
  /// Does this node load, or a call's result in this register hold, a pointer?
  bool loads_pointer(ir::Graph::NodeId node) const { return node < loads_pointer_.size() && loads_pointer_[node]; }
  const std::vector<std::uint64_t>& constants() const { return constants_; }

 private:
  bool mark(ir::Term address);
  bool propagate(const ir::Function& source);

  std::unordered_set<ir::Term> pointers_;
  std::unordered_set<ir::Term> pointer_places_;       ///< addresses from which pointers are loaded
  std::unordered_set<std::int64_t> pointer_offsets_;  ///< constant parts of such addresses: fields
  std::vector<bool> loads_pointer_;
  std::vector<std::uint64_t> constants_;
};

}  // namespace validator::replay
