// SPDX-License-Identifier: Apache-2.0
// The debug system calls (KERNEL-ABI section 3): output, halt, what kind a capability is, a thread's name.
#pragma once

#include "state.hpp"

namespace entry {

using namespace base;

void debug_put_char(const KernelState& kernel);
void debug_cap_identify(KernelState& kernel);
void debug_name_thread(KernelState& kernel);

/// Says so and switches the machine off.
void halt(u64 reason);

}  // namespace entry
