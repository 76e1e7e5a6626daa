// SPDX-License-Identifier: Apache-2.0
// Brings both halves to the same calls: a source callee that the binary does not call is inlined on the source side,
// a binary callee that the source does not call (a compiler's clone or fragment) on the binary side.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "validator/check/source_run.hpp"
#include "validator/prove.hpp"

namespace validator::search {

struct Pair {
  ir::Function source;
  ir::Function binary;
  std::vector<std::string> inlined_sources;
  std::vector<std::string> inlined_binaries;
};

/// Addresses of source names ("@symbol") in the image, and functions of both modules by address.
class Names {
 public:
  explicit Names(const Problem& problem);

  std::optional<std::uint64_t> address_of(const std::string& name) const;
  std::optional<std::uint64_t> place_constant(const ir::GlobalObject& object) const;
  const ir::Function* source_at(std::uint64_t address) const;
  const ir::Function* binary_at(std::uint64_t address) const;
  /// The machine code at this address, with everything it calls, stores to nothing but its own frame and has no effects:
  /// the internal contract `memory not written`, which compilers find and use (GCC's ipa-pure-const).
  bool writes_no_memory(std::uint64_t address) const;
  /// Do these bytes lie in one object of the image that the source declares, with no volatile part? Then it is Normal memory.
  bool is_plain_object(std::uint64_t address, std::uint64_t bytes) const;
  /// Initial bytes of a constant source object; none where a relocation stands or outside the object.
  std::optional<std::uint64_t> constant_bytes(const std::string& name, std::uint64_t offset, unsigned bytes) const;

 private:
  const Problem& problem_;
  std::map<std::uint64_t, const ir::Function*> binaries_;
  std::map<std::uint64_t, const ir::Function*> sources_;
  mutable std::map<std::string, std::optional<std::uint64_t>> literals_;
  mutable std::map<std::uint64_t, bool> no_writes_;
};

/// `both`: callees (addresses) that are inlined on both sides wherever they are called.
Pair inline_calls(const Problem& problem, const Names& names, const std::set<std::uint64_t>& both);

/// Callees that the source calls at more places than the binary does: candidates for `both`.
std::set<std::uint64_t> partly_inlined(const Pair& pair, const Names& names);

}  // namespace validator::search
