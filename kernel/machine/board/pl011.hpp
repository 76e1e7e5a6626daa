// SPDX-License-Identifier: Apache-2.0
// The serial line, PL011 (Arm DDI 0183), for debug output only: user level may own the device as well.
#pragma once

#include "base/types.hpp"

namespace machine {

using namespace base;

/// Writes one character; drops it if the line does not take it for a long time.
void put_char(u64 character);

/// Up to eight characters as a word for `put_word`, at compile time.
template <std::size_t Size>
consteval u64 text(const char (&characters)[Size]) {
  static_assert(Size <= 9);
  u64 word = 0;
  for (std::size_t i = 0; i + 1 < Size; ++i) {
    word |= static_cast<u64>(static_cast<u8>(characters[i])) << (8 * i);
  }
  return word;
}

/// Writes characters packed into a word, lowest byte first, up to the first zero byte.
void put_word(u64 characters);

}  // namespace machine
