// SPDX-License-Identifier: Apache-2.0
// Untyped_Retype: memory becomes objects. KERNEL-ABI section 8.2.
#pragma once

#include "ipc/request.hpp"

namespace cap {

using api::ObjectType;
using ipc::Request;

/// Whether a type exists and can have the size asked for (message registers 0 and 1).
[[nodiscard]] Outcome check_object(u64 type, u64 size_bits);

/// The size of one object of a type that exists.
[[nodiscard]] u64 object_bits(ObjectType type, u64 size_bits);

/// The slot that holds the CNode in which the new capabilities are put.
[[nodiscard]] Result<SlotRef> decode_destination(const KernelState& kernel);

/// Whether the window of `count` slots from `offset` on lies inside the CNode and is empty.
[[nodiscard]] Outcome check_window(Capability node, u64 offset, u64 count);

/// Where in the untyped the first of `count` objects would start; NotEnoughMemory if there is no room.
[[nodiscard]] Result<PhysAddr> place(SlotRef untyped, u64 bits, u64 count);

/// Makes the object's memory what the type needs, and its first capability.
[[nodiscard]] Capability make_object(ObjectType type, PhysAddr base, u64 size_bits, bool device);

Outcome invoke_untyped(KernelState& kernel, Request request);

}  // namespace cap
