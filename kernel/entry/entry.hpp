// SPDX-License-Identifier: Apache-2.0
// What vectors.S calls. Each answers the address of the context to go on with.
#pragma once

#include "state.hpp"

extern "C" {
/// A system call of the running thread.
base::u64 entry_syscall();
/// An interrupt, at user level or in the idle thread.
base::u64 entry_interrupt();
/// Any other exception of the running thread.
base::u64 entry_fault();
/// An exception in the kernel: a bug. Does not return.
void entry_kernel_fault();
}

namespace entry {

/// Settles who runs, in which address space; answers the context's address.
base::u64 leave(KernelState& kernel);

}  // namespace entry
