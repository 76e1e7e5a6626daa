// SPDX-License-Identifier: Apache-2.0
// Interrupts as capabilities: IRQControl hands out handlers; a handler signals a notification. KERNEL-ABI section 9.4.
#pragma once

#include "ipc/request.hpp"

namespace irq {

using namespace base;
using ipc::Request;

/// What an interrupt from a device does: its notification is signalled, and it stays masked until acknowledged.
void deliver(KernelState& kernel, Irq irq);

/// The last handler capability of an interrupt has gone.
void release(KernelState& kernel, Irq irq);

Outcome invoke_control(KernelState& kernel, Request request);
Outcome invoke_handler(KernelState& kernel, Request request);

}  // namespace irq
