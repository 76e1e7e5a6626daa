// SPDX-License-Identifier: Apache-2.0
// The interrupt controller, GICv2 (Arm IHI 0048B): distributor and CPU interface of `virt`.
#pragma once

#include "base/ids.hpp"

namespace machine {

using namespace base;

/// What reading the acknowledge register answers if nothing is pending.
inline constexpr u64 no_irq = 1020;

void init_interrupts();

/// The pending interrupt of highest priority, which becomes active; `no_irq` or above if there is none.
[[nodiscard]] Irq acknowledge_irq();
void complete_irq(Irq irq);
void mask_irq(Irq irq);
void unmask_irq(Irq irq);

}  // namespace machine
