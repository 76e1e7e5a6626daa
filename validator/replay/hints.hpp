// SPDX-License-Identifier: Apache-2.0
// What the source graph tells a tester about its inputs: which values end up as addresses, which constants it
// compares with. Heuristic: a wrong hint costs runs, never soundness. Private to this folder.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "ir/build.hpp"
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
  std::uint64_t unpack(std::uint64_t word) const {
    const std::uint64_t mask = width >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1;
    return (word >> lo & mask) << at;
  }
};

/// What other functions tell about this one.
struct HintContext {
  /// The hints of a callee, or null: what it uses as an address is one in the caller.
  std::function<const class Hints*(const std::string& symbol)> callee = {};
  std::optional<PointerField> result = {};  ///< callers use the result as an address
};

class Hints {
 public:
  explicit Hints(const ir::Function& source, HintContext context = {});

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
  /// The same for a parameter of this function, by its place.
  std::optional<PointerField> parameter(const ir::AbiPlace& place) const;
  const std::vector<std::uint64_t>& constants() const { return constants_; }
  /// Narrow parts that the program takes out of words.
  const std::vector<PointerField>& fields() const { return fields_; }

 private:
  bool mark_as(ir::Term value, const PointerField& field);
  void find_aliases();
  /// An address with what is known to point into local objects put in: the same place has one name.
  ir::Term place(ir::Term address) const;
  bool propagate_call(const ir::Call& call, ir::Graph::NodeId id);
  bool mark(ir::Term address);
  bool mark_variable(ir::Term variable, PointerField field);
  bool mark_equalities(ir::Term term, unsigned depth);
  bool propagate(const ir::Function& source);

  const ir::Function& source_;
  const HintContext context_;
  ir::Substitution aliases_;  ///< variables that always hold an address inside a local object
  std::unordered_map<ir::Term, PointerField> pointers_;
  std::unordered_set<ir::Term> marked_;  ///< terms whose variables are marked
  std::unordered_map<ir::Graph::NodeId, PointerField> loaded_;
  std::unordered_map<ir::Term, PointerField> places_;       ///< addresses from which pointers are loaded
  std::unordered_map<std::int64_t, PointerField> offsets_;  ///< constant parts of such addresses: fields
  std::vector<std::uint64_t> constants_;
  std::vector<PointerField> fields_;
};

}  // namespace validator::replay
