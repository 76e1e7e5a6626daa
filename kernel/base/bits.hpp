// SPDX-License-Identifier: Apache-2.0
// Masks, alignment and bit searches on 64-bit words. Shift amounts are constants or reduced modulo 64
// here, so no caller can shift by the width of the word (undefined in C++, modulo in A64).
#pragma once

#include <bit>

#include "base/types.hpp"

namespace base {

inline constexpr u64 word_bits = 64;

/// A word with the low `width` bits set; `width` is 0..64.
constexpr u64 ones(u64 width) { return width >= word_bits ? ~u64{0} : (u64{1} << (width & 63)) - 1; }

/// 2^n for n in 0..63; larger n are reduced modulo 64.
constexpr u64 bit(u64 n) { return u64{1} << (n & 63); }

constexpr u64 shift_left(u64 value, u64 amount) { return value << (amount & 63); }
constexpr u64 shift_right(u64 value, u64 amount) { return value >> (amount & 63); }

constexpr bool is_aligned(u64 value, u64 size_bits) { return (value & ones(size_bits)) == 0; }
constexpr u64 align_down(u64 value, u64 size_bits) { return value & ~ones(size_bits); }

/// Rounds up to a multiple of 2^size_bits; the caller has shown that value + 2^size_bits does not wrap.
constexpr u64 align_up(u64 value, u64 size_bits) { return (value + ones(size_bits)) & ~ones(size_bits); }

/// Index of the highest set bit of a word that is not zero.
constexpr u64 highest_bit(u64 value) { return 63 - static_cast<u64>(std::countl_zero(value)); }

/// Index of the lowest set bit of a word that is not zero.
constexpr u64 lowest_bit(u64 value) { return static_cast<u64>(std::countr_zero(value)); }

constexpr u64 minimum(u64 a, u64 b) { return a < b ? a : b; }

}  // namespace base
