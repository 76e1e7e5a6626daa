// SPDX-License-Identifier: Apache-2.0
// Where things are on QEMU's `virt` machine with 1 GiB of RAM, physical addresses.
#pragma once

#include "base/types.hpp"

namespace board {

using namespace base;

inline constexpr u64 ram_start = 0x4000'0000;
inline constexpr u64 ram_end = 0x8000'0000;
inline constexpr u64 gic_distributor = 0x0800'0000;
inline constexpr u64 gic_cpu = 0x0801'0000;
inline constexpr u64 uart = 0x0900'0000;
inline constexpr u64 device_top = u64{1} << 40;

}  // namespace board
