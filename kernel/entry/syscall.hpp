// SPDX-License-Identifier: Apache-2.0
// The system calls, by the number in x7.
#pragma once

#include "state.hpp"

namespace entry {

/// Does the system call of the running thread.
void handle_syscall(KernelState& kernel);

}  // namespace entry
