// SPDX-License-Identifier: Apache-2.0
// Private storage: source locals and the binary's frame, kept outside SMT. Each byte knows the value that it was stored as a
// part of, so that joins choose between whole values and what was stored together is read as one term.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>

#include "ir/build.hpp"

namespace validator::check {

using ir::Term;

/// One byte of private storage: a source local (region = index of the local) or the binary's frame (region 0,
/// offset from the entry SP).
struct PrivateByte {
  unsigned region = 0;
  std::int64_t offset = 0;
  friend auto operator<=>(const PrivateByte&, const PrivateByte&) = default;
};

/// Bits 8 * index + 7 to 8 * index of a value.
struct StoredByte {
  Term value;
  unsigned index = 0;
  Term byte() const { return ir::extract(8 * index + 7, 8 * index, value); }
};

class StoredBytes : public std::map<PrivateByte, StoredByte> {
 public:
  /// `value`: a multiple of 8 bits, little-endian from `first` on.
  void put(PrivateByte first, Term value);
  /// The value of that many bytes; null when one of them was never stored.
  Term get(PrivateByte first, unsigned bytes) const;
  /// This where the condition holds, the other where it does not. `junk`: a new unknown of that many bits, for
  /// what only one of them has.
  void choose(Term condition, const StoredBytes& other, const std::function<Term(unsigned bits)>& junk);
};

}  // namespace validator::check
