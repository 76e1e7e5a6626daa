// SPDX-License-Identifier: Apache-2.0
// Everything around a pair that a proof may ask about: where symbols stand, bodies of callees, bytes that never change,
// contracts of callees. Pure: an answer depends on both modules and the image only.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "validator/prove.hpp"

namespace validator::check {

class Surroundings {
 public:
  /// The problem's modules, image and contracts; not its symbol or limits.
  explicit Surroundings(const Problem& problem);

  /// Body of a source function by linkage name; null when there is none.
  const ir::Function* source_body(const std::string& symbol) const;
  /// Body of the machine code at an address; null when no function begins there.
  const ir::Function* binary_body(std::uint64_t address) const;
  /// Body of the source function that stands at an address; null when there is none.
  const ir::Function* source_at(std::uint64_t address) const;
  /// Body of machine code by the name of a pair.
  const ir::Function* binary_named(const std::string& symbol) const;
  /// Do both halves have a function that begins at this address?
  bool is_pair(std::uint64_t address) const;
  /// Address of a source name ("@symbol", "@literal.N") in the image.
  std::optional<std::uint64_t> address_of(const std::string& name) const;
  /// Initial bytes of a constant source object; none where a relocation stands or outside the object.
  std::optional<std::uint64_t> constant_bytes(const std::string& name, std::uint64_t offset, unsigned bytes) const;
  /// The machine code at this address, with everything it calls, stores to nothing but its own frame and has no
  /// effects: the internal contract `memory not written`, which compilers find and use (GCC's ipa-pure-const).
  bool writes_no_memory(std::uint64_t address) const;
  /// Do these bytes lie in one object of the image that the source declares, with no volatile part? Then it is Normal
  /// memory, which any function may read at any time.
  bool is_plain_object(std::uint64_t address, std::uint64_t bytes) const;
  /// -ffixed-x18: the platform register is nobody's temporary.
  bool x18_reserved() const { return x18_reserved_; }
  /// Registers that a callee certainly leaves alone besides the AAPCS64 callee-saved ones.
  std::set<std::string> preserved(std::uint64_t callee) const;
  /// Bytes of the image that never change (Image::read_only).
  std::optional<std::uint64_t> read_only(std::uint64_t address, unsigned bytes) const;
  /// The object or function of the image around an address (Image::containing).
  std::optional<Symbol> containing(std::uint64_t address) const;

 private:
  std::optional<std::uint64_t> find_address(const std::string& name) const;
  std::optional<std::uint64_t> place_constant(const ir::GlobalObject& object) const;
  bool shares_bytes(const ir::GlobalObject& object, std::uint64_t address) const;

  const ir::Module& source_;
  const ir::Module& binary_;
  const Image& image_;
  std::function<std::set<std::string>(std::uint64_t callee)> preserved_;
  bool x18_reserved_;
  std::map<std::uint64_t, const ir::Function*> binaries_;
  std::map<std::uint64_t, const ir::Function*> sources_;
  mutable std::map<std::string, std::optional<std::uint64_t>> addresses_;
  mutable std::map<std::uint64_t, bool> no_writes_;
};

}  // namespace validator::check
