// SPDX-License-Identifier: Apache-2.0
// The checks of Untyped_Retype, in the order that KERNEL-ABI section 8.2 lists them. Writes nothing.
#include "cap/cspace.hpp"
#include "cap/derivation.hpp"
#include "cap/untyped.hpp"

namespace cap {

u64 object_bits(ObjectType type, u64 size_bits) {
  switch (type) {
    case ObjectType::Untyped:
    case ObjectType::SchedContext:
      return size_bits;
    case ObjectType::Tcb:
      return api::tcb_bits;
    case ObjectType::Endpoint:
      return api::endpoint_bits;
    case ObjectType::Notification:
      return api::notification_bits;
    case ObjectType::CNode:
      return size_bits + api::slot_bits;
    case ObjectType::Reply:
      return api::reply_bits;
    case ObjectType::HugePage:
      return api::huge_page_bits;
    case ObjectType::LargePage:
      return api::large_page_bits;
    case ObjectType::VSpace:
    case ObjectType::SmallPage:
    case ObjectType::PageTable:
      return api::small_page_bits;
  }
  return 0;
}

Outcome check_object(u64 type, u64 size_bits) {
  if (type >= api::object_type_count) {
    return invalid_argument(0);
  }
  const ObjectType kind = static_cast<ObjectType>(type);
  if (size_bits >= word_bits || object_bits(kind, size_bits) > api::untyped_max_bits) {
    return range_error(0, api::untyped_max_bits);
  }
  const bool too_small = (kind == ObjectType::CNode && size_bits == 0) ||
                         (kind == ObjectType::Untyped && size_bits < api::untyped_min_bits) ||
                         (kind == ObjectType::SchedContext && size_bits < api::sched_context_min_bits);
  return too_small ? invalid_argument(1) : done;
}

Result<SlotRef> decode_destination(const KernelState& kernel) {
  const SlotRef root = ipc::extra(kernel, 0);
  const Depth depth(ipc::word(kernel, 3));
  if (depth.word() == 0) {
    return success(root);
  }
  return lookup_exact(root->cap, CPtr(ipc::word(kernel, 2)), depth);
}

namespace {

bool all_empty(SlotRef first, u64 count) {
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    if (!is_empty(first.element(i))) {
      return false;
    }
  }
  return true;
}

}  // namespace

Outcome check_window(Capability node, u64 offset, u64 count) {
  if (kind_of(node) != CapKind::CNode) {
    return missing_capability(0);
  }
  const u64 size = bit(get<CNodeView::Radix>(node));
  if (offset >= size) {
    return range_error(0, size - 1);
  }
  if (count == 0 || count > api::retype_fan_out_limit) {
    return range_error(1, api::retype_fan_out_limit);
  }
  if (count > size - offset) {
    return range_error(1, size - offset);
  }
  const SlotRef first = object_of<Slot, CNodeView>(node).element(offset);
  return all_empty(first, count) ? done : fail(Error::DeleteFirst);
}

Result<PhysAddr> place(SlotRef untyped, u64 bits, u64 count) {
  const Capability cap = untyped->cap;
  const u64 size = bit(get<UntypedView::Bits>(cap));
  const u64 used = has_children(untyped) ? get<UntypedView::Free>(cap) : 0;
  const u64 free = size - used;
  if (shift_right(free, bits) < count) {
    return failure<PhysAddr>(fail_with(Error::NotEnoughMemory, free));
  }
  const u64 base = get<UntypedView::Base>(cap);
  const u64 start = align_up(base + used, bits);
  if (start + shift_left(count, bits) > base + size) {
    return failure<PhysAddr>(fail_with(Error::NotEnoughMemory, free));
  }
  return success(PhysAddr(start));
}

}  // namespace cap
