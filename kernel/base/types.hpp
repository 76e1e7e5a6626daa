// SPDX-License-Identifier: Apache-2.0
// Fixed-width integers under short names, and the no-op in which a loop states its invariant or its
// variant. Everything in the kernel is unsigned: wrap-around is defined, and no sign ever sneaks in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace base {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;

/// States a fact that holds each time control passes here. No code: the proof tools read it.
constexpr void invariant(bool /*holds*/) {}

/// States a quantity that strictly decreases with each iteration and never wraps below zero.
constexpr void variant(u64 /*remaining*/) {}

/// True if `T` has no padding and may be copied as bytes: what an object that user memory becomes must be.
template <typename T>
inline constexpr bool plain_layout =
    std::is_standard_layout_v<T> && std::is_trivially_copyable_v<T> && std::has_unique_object_representations_v<T>;

}  // namespace base
