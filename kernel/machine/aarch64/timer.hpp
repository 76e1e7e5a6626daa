// SPDX-License-Identifier: Apache-2.0
// The virtual timer: a 64-bit count of 62.5 MHz and one deadline, interrupt 27 (KERNEL-ABI section 9.4).
#pragma once

#include "base/ids.hpp"

namespace machine {

using namespace base;

inline constexpr Irq timer_irq = Irq(27);

void init_timer();
[[nodiscard]] Instant read_time();

/// Asks for an interrupt at `deadline`, instead of any earlier request.
void arm_timer(Instant deadline);

}  // namespace machine
