// SPDX-License-Identifier: Apache-2.0
// The four sorts of the graph language.
#pragma once

#include <cstdint>

namespace ir {

enum class SortKind : std::uint8_t { boolean, bitvec, memory, device };

/// Bool, BitVec(1..128), Mem (64-bit address -> byte) or Device (opaque state).
struct Sort {
  SortKind kind = SortKind::boolean;
  std::uint8_t width = 0;  ///< bits; only for bitvec

  static constexpr Sort boolean() { return {SortKind::boolean, 0}; }
  static constexpr Sort bitvec(unsigned bits) { return {SortKind::bitvec, static_cast<std::uint8_t>(bits)}; }
  static constexpr Sort memory() { return {SortKind::memory, 0}; }
  static constexpr Sort device() { return {SortKind::device, 0}; }

  constexpr bool is_bool() const { return kind == SortKind::boolean; }
  constexpr bool is_bitvec() const { return kind == SortKind::bitvec; }
  constexpr bool is_memory() const { return kind == SortKind::memory; }
  friend constexpr bool operator==(Sort, Sort) = default;
};

}  // namespace ir
