// SPDX-License-Identifier: Apache-2.0
// Invocations of CNodes: copy, mint, move, mutate, rotate, delete, revoke, cancel badged sends. KERNEL-ABI section 9.2.
#pragma once

#include "ipc/request.hpp"

namespace cap {

using ipc::Request;

/// The slot that words `index` (pointer) and `index`+1 (depth) name in the invoked CNode.
[[nodiscard]] Result<SlotRef> decode_slot(const KernelState& kernel, Request request, u64 index);

/// The same, and it has to be empty.
[[nodiscard]] Result<SlotRef> decode_empty_slot(const KernelState& kernel, Request request, u64 index);

/// The slot that the words name in extra capability `root`, reported as a source lookup; it must not be empty.
[[nodiscard]] Result<SlotRef> decode_source(const KernelState& kernel, u64 root, u64 index);

/// Whether a copy `wanted` of what `source` holds may be made.
[[nodiscard]] Outcome check_copy(SlotRef source, Capability wanted);

/// Whether the three slots of a Rotate fit together.
[[nodiscard]] Outcome check_rotate(SlotRef target, SlotRef pivot, SlotRef source);

Outcome invoke_cnode(KernelState& kernel, Request request);

}  // namespace cap
