// SPDX-License-Identifier: Apache-2.0
// Bit fields of a two-word value as types: Field<Word, Lsb, Width, Shift> holds `Width` bits of word
// `Word` from bit `Lsb` on, and stands for that number times 2^Shift (pointers drop their zero bits).
// C bit-fields are laid out as the compiler likes; these are laid out as written, and `layout` proves that
// no two fields of a view overlap.
#pragma once

#include "base/bits.hpp"

namespace base {

struct Words {
  u64 w0;
  u64 w1;
};
static_assert(plain_layout<Words>);

template <unsigned Word, unsigned Lsb, unsigned Width, unsigned Shift = 0>
struct Field {
  static_assert(Word < 2 && Width >= 1 && Lsb + Width <= 64 && Width + Shift <= 64);
  static constexpr unsigned word = Word;
  static constexpr u64 mask = ones(Width) << Lsb;
  /// The largest value that the field can hold.
  static constexpr u64 max = ones(Width) << Shift;

  static constexpr u64 get(Words words) {
    const u64 source = Word == 0 ? words.w0 : words.w1;
    return ((source >> Lsb) & ones(Width)) << Shift;
  }

  /// `words` with the field set; bits of `value` that the field has no room for are dropped.
  static constexpr Words set(Words words, u64 value) {
    const u64 placed = ((value >> Shift) & ones(Width)) << Lsb;
    if constexpr (Word == 0) {
      return Words{(words.w0 & ~mask) | placed, words.w1};
    } else {
      return Words{words.w0, (words.w1 & ~mask) | placed};
    }
  }

  /// The field alone, for composing a fresh value out of zero bits.
  static constexpr Words only(u64 value) { return set(Words{0, 0}, value); }
};

template <typename... Fields>
consteval bool disjoint() {
  const unsigned words[] = {Fields::word...};
  const u64 masks[] = {Fields::mask...};
  for (unsigned i = 0; i < sizeof...(Fields); ++i) {
    for (unsigned j = i + 1; j < sizeof...(Fields); ++j) {
      if (words[i] == words[j] && (masks[i] & masks[j]) != 0) {
        return false;
      }
    }
  }
  return true;
}

/// True if no two of the fields share a bit: every view of a two-word value asserts it of its fields.
template <typename... Fields>
inline constexpr bool layout = disjoint<Fields...>();

constexpr Words operator|(Words a, Words b) { return Words{a.w0 | b.w0, a.w1 | b.w1}; }

}  // namespace base
