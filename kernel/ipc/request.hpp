// SPDX-License-Identifier: Apache-2.0
// A request of the running thread to a kernel object: the message info as it arrived, and the slot of the
// capability that was invoked. The message itself stays where the user put it; these functions read it.
#pragma once

#include "ipc/message.hpp"

namespace ipc {

struct Request {
  MessageInfo info;
  SlotRef slot;

  [[nodiscard]] Capability cap() const { return slot->cap; }
  [[nodiscard]] u64 label() const { return info.label(); }
};

/// Message register `index` of the request.
[[nodiscard]] inline u64 word(const KernelState& kernel, u64 index) { return message_word(kernel.current, index); }

/// OK if the request has at least so many message registers and capabilities; else TruncatedMessage.
[[nodiscard]] inline Outcome check_length(Request request, u64 words, u64 caps) {
  const bool enough = request.info.length() >= words && request.info.extra_caps() >= caps;
  return enough ? done : fail(Error::TruncatedMessage);
}

/// The slot of extra capability `index`, which `check_length` has shown to be there.
[[nodiscard]] inline SlotRef extra(const KernelState& kernel, u64 index) {
  return extra_slot(kernel.current, index).value();
}

}  // namespace ipc
