// SPDX-License-Identifier: Apache-2.0
// The send phase of a system call: find the capability, hand the message to its object, answer a Call.
#pragma once

#include "ipc/endpoint.hpp"
#include "ipc/request.hpp"

namespace entry {

using namespace base;
using ipc::Request;
using ipc::SendMode;

/// Hands a request to the object of its capability.
Outcome dispatch(KernelState& kernel, Request request, SendMode mode);

/// Writes the result of a Call into the registers of the running thread.
void reply_to_call(KernelState& kernel, Outcome outcome);

/// Send, NBSend and Call.
void send_phase(KernelState& kernel, CPtr target, SendMode mode);

/// The first half of ReplyRecv, NBSendRecv and NBSendWait: refuses what may block or restart. Failures are not visible.
void send_first(KernelState& kernel, CPtr target);

}  // namespace entry
