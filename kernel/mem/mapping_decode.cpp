// SPDX-License-Identifier: Apache-2.0
// The checks of mapping invocations. Writes nothing.
#include "mem/mapping.hpp"

namespace mem {

using cap::FrameView;

Result<TableRef> decode_space(const KernelState& kernel) { return assigned_space(kernel, ipc::extra(kernel, 0)->cap); }

Outcome check_frame(Capability frame, UserVirt address, Asid asid) {
  const u64 bits = get<FrameView::Bits>(frame);
  if (!is_aligned(address.word(), bits)) {
    return fail(Error::AlignmentError);
  }
  const u64 mapped_asid = get<FrameView::AsidWord>(frame);
  if (mapped_asid != 0) {
    if (mapped_asid != asid.word()) {
      return invalid_capability(1);
    }
    return get<FrameView::MappedAt>(frame) == address.word() ? done : invalid_argument(0);
  }
  const bool inside = address.word() <= user_top && user_top - address.word() >= bit(bits) - 1;
  return inside ? done : invalid_argument(0);
}

Result<EntryRef> decode_page_entry(TableRef space, UserVirt address, u64 bits) {
  const u64 level = level_of_size(bits);
  const Walk found = walk(space, address, level);
  if (found.level != level) {
    return failure<EntryRef>(missing_capability(level_shift(found.level)));
  }
  // A table where a large page should go is as much in the way as a missing one.
  if (level != last_level && is_table(found.entry.get())) {
    return failure<EntryRef>(fail(Error::DeleteFirst));
  }
  return success(found.entry);
}

u64 free_asid(Ref<AsidPool> pool, u64 first) {
  for (u64 i = 0; i < asids_per_pool; ++i) {
    variant(asids_per_pool - i);
    if (first + i != 0 && pool->spaces[i].is_null()) {
      return i;
    }
  }
  return asids_per_pool;
}

u64 free_pool(const KernelState& kernel) {
  for (u64 i = 0; i < asid_pool_count; ++i) {
    variant(asid_pool_count - i);
    if (kernel.asid_pools[i].is_null()) {
      return i;
    }
  }
  return asid_pool_count;
}

}  // namespace mem
