// SPDX-License-Identifier: Apache-2.0
// The switch to the kernel's own translation tables (head.S).
#pragma once

#include "base/types.hpp"

/// Installs the kernel's root table (physical address), vectors, and SCTLR_EL1 as KERNEL-ABI section 12 has it.
extern "C" void machine_set_kernel_window(base::u64 ttbr1);

/// Where the idle thread runs; never called.
extern "C" void machine_idle();

namespace machine {

inline base::u64 idle_address() { return reinterpret_cast<base::u64>(&machine_idle); }

}  // namespace machine
