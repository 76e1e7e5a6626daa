// SPDX-License-Identifier: Apache-2.0
// What the source graph tells a tester about its inputs: which values end up as addresses, which constants it
// compares with. Heuristic: a wrong hint costs runs, never soundness. Private to this folder.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/function.hpp"

namespace validator::replay {

/// Where an address stands in a 64-bit word: bits [lo, lo + width) of the word are bits [at, at + width) of the
/// address. Kernels pack pointers beside other fields.
struct PointerField {
  unsigned lo = 0;
  unsigned width = 64;
  unsigned at = 0;

  std::uint64_t pack(std::uint64_t address, std::uint64_t others) const {
    const std::uint64_t mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    return (others & ~(mask << lo)) | ((address >> at & mask) << lo);
  }
};

class Hints {
 public:
  explicit Hints(const ir::Function& source);

  /// How a variable holds a pointer; nothing when it does not.
  std::optional<PointerField> pointer(ir::Term variable) const {
    auto found = pointers_.find(variable);
    return found == pointers_.end() ? std::nullopt : std::optional(found->second);
  }
  /// The same for what a node loads (8 bytes), or for the result of its call.
  std::optional<PointerField> loaded(ir::Graph::NodeId node) const {
    auto found = loaded_.find(node);
    return found == loaded_.end() ? std::nullopt : std::optional(found->second);
  }
  const std::vector<std::uint64_t>& constants() const { return constants_; }

 private:
  bool mark(ir::Term address);
  bool mark_variable(ir::Term variable, PointerField field);
  bool mark_equalities(ir::Term term, unsigned depth);
  bool propagate(const ir::Function& source);

  std::unordered_map<ir::Term, PointerField> pointers_;
  std::unordered_set<ir::Term> marked_;  ///< terms whose variables are marked
  std::unordered_map<ir::Graph::NodeId, PointerField> loaded_;
  std::unordered_map<ir::Term, PointerField> places_;       ///< addresses from which pointers are loaded
  std::unordered_map<std::int64_t, PointerField> offsets_;  ///< constant parts of such addresses: fields
  std::vector<std::uint64_t> constants_;
};

}  // namespace validator::replay
