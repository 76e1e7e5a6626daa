// SPDX-License-Identifier: Apache-2.0
// Saved program states. Source: Arm ARM "SPSR_EL1", KERNEL-ABI sections 2 and 7.
#pragma once

#include "base/types.hpp"

namespace machine {

using namespace base;

/// EL0t with FIQ masked.
inline constexpr u64 user_spsr = 0x40;
/// EL1h with FIQ masked: the idle thread, which runs with interrupts on.
inline constexpr u64 idle_spsr = 0x45;

/// What user level may choose of a program state: the condition flags.
constexpr u64 user_pstate(u64 wanted) { return (wanted & 0xf000'0000) | user_spsr; }

}  // namespace machine
