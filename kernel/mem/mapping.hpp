// SPDX-License-Identifier: Apache-2.0
// Invocations of frames, page tables, ASID control and ASID pools. KERNEL-ABI section 9.3.
#pragma once

#include "ipc/request.hpp"

namespace mem {

using cap::SlotRef;
using ipc::Request;

/// The address space that the request's extra capability 0 names, for mapping at an address of `bits` bits.
[[nodiscard]] Result<TableRef> decode_space(const KernelState& kernel);

/// Whether a frame may be mapped (again) at an address of the space `asid`.
[[nodiscard]] Outcome check_frame(Capability frame, UserVirt address, Asid asid);

/// The entry that a page of 2^bits bytes needs; FailedLookup with the bits that the missing table resolves.
[[nodiscard]] Result<EntryRef> decode_page_entry(TableRef space, UserVirt address, u64 bits);

/// The first free slot of a pool, whose first ASID is `first`, or of the table of pools; their size if there is none.
/// ASID 0 is never free.
[[nodiscard]] u64 free_asid(Ref<AsidPool> pool, u64 first);
[[nodiscard]] u64 free_pool(const KernelState& kernel);

Outcome invoke_frame(KernelState& kernel, Request request);
Outcome invoke_table(KernelState& kernel, Request request);
Outcome invoke_asid_control(KernelState& kernel, Request request);
Outcome invoke_asid_pool(KernelState& kernel, Request request);

}  // namespace mem
