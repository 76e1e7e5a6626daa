// SPDX-License-Identifier: Apache-2.0
// At most 64 levels: every CNode has a radix of at least one bit, so each consumes some of the pointer.
#include "cap/cspace.hpp"

namespace cap {

namespace {

constexpr Resolved not_resolved(Outcome why) { return Resolved{why.words}; }

constexpr Resolved resolved(SlotRef slot, u64 left) {
  return Resolved{OutcomeLeft::only(left) | Words{0, slot.word()}};
}

}  // namespace

Resolved resolve(Capability root, CPtr pointer, Depth depth) {
  if (kind_of(root) != CapKind::CNode) {
    return not_resolved(lookup_failure(LookupError::InvalidRoot, 0, 0, 0));
  }
  Capability node = root;
  u64 left = depth.word();
  for (u64 level = 0; level < word_bits; ++level) {
    variant(word_bits - level);
    invariant(kind_of(node) == CapKind::CNode && left <= word_bits);
    const u64 guard_bits = get<CNodeView::GuardBits>(node);
    const u64 level_bits = guard_bits + get<CNodeView::Radix>(node);
    const u64 expected = get<CNodeView::Guard>(node);
    const u64 guard = shift_right(pointer.word(), left - guard_bits) & ones(guard_bits);
    if (guard_bits > left || guard != expected) {
      return not_resolved(lookup_failure(LookupError::GuardMismatch, left, guard_bits, expected));
    }
    if (level_bits > left) {
      return not_resolved(lookup_failure(LookupError::DepthMismatch, left, level_bits, 0));
    }
    const u64 index = shift_right(pointer.word(), left - level_bits) & ones(get<CNodeView::Radix>(node));
    const SlotRef slot = object_of<Slot, CNodeView>(node).element(index);
    left -= level_bits;
    node = slot->cap;
    if (left == 0 || kind_of(node) != CapKind::CNode) {
      return resolved(slot, left);
    }
  }
  return not_resolved(lookup_failure(LookupError::InvalidRoot, 0, 0, 0));
}

Result<SlotRef> lookup_slot(Capability root, CPtr pointer) {
  const Resolved found = resolve(root, pointer, Depth(word_bits));
  if (!found.ok()) {
    return failure<SlotRef>(found.failure());
  }
  return success(found.slot());
}

Result<SlotRef> lookup_exact(Capability root, CPtr pointer, Depth depth) {
  if (kind_of(root) != CapKind::CNode) {
    return failure<SlotRef>(lookup_failure(LookupError::InvalidRoot, 0, 0, 0));
  }
  if (depth.word() < 1 || depth.word() > word_bits) {
    return failure<SlotRef>(range_error(1, word_bits));
  }
  const Resolved found = resolve(root, pointer, depth);
  if (!found.ok()) {
    return failure<SlotRef>(found.failure());
  }
  if (found.bits_left() != 0) {
    return failure<SlotRef>(
        lookup_failure(LookupError::DepthMismatch, depth.word(), depth.word() - found.bits_left(), 0));
  }
  return success(found.slot());
}

}  // namespace cap
