// SPDX-License-Identifier: Apache-2.0
// One list for all capabilities makes insertion and removal constant-time and revocation a walk; the price is
// that "is a child of" must be told from two neighbours' contents alone, which `is_parent_of` does.
#include "cap/derivation.hpp"

namespace cap {

namespace {

void set_next(SlotRef slot, SlotRef next) {
  const u64 flags = slot->links.next_and_flags & link_flags;
  slot.mut().links.next_and_flags = next.word() | flags;
}

/// Makes the neighbours in `links` point at `slot`.
void adopt_neighbours(SlotRef slot) {
  const SlotRef before = prev_of(slot);
  const SlotRef after = next_of(slot);
  if (before.is_some()) {
    set_next(before, slot);
  }
  if (after.is_some()) {
    after.mut().links.prev = slot;
  }
}

u64 badge_of(Capability cap) {
  const CapKind kind = kind_of(cap);
  const bool badged = kind == CapKind::Endpoint || kind == CapKind::Notification;
  return badged ? cap.words.w1 : 0;
}

/// Whether a copy starts a subtree of its own, which revoking it removes.
bool starts_subtree(Capability cap, Capability source) {
  switch (kind_of(cap)) {
    case CapKind::Endpoint:
    case CapKind::Notification:
      return badge_of(cap) != badge_of(source);
    case CapKind::IrqHandler:
      return kind_of(source) == CapKind::IrqControl;
    case CapKind::Untyped:
      return true;
    default:
      return false;
  }
}

void insert_behind(Capability cap, SlotRef before, SlotRef target, u64 flags) {
  target.mut().cap = cap;
  target.mut().links = Links{before, next_of(before).word() | flags};
  adopt_neighbours(target);
}

}  // namespace

bool is_parent_of(SlotRef parent, SlotRef child) {
  if (!is_revocable(parent) || !covers(parent->cap, child->cap)) {
    return false;
  }
  const u64 badge = badge_of(parent->cap);
  if (badge == 0) {
    return true;
  }
  return badge == badge_of(child->cap) && !is_first_badged(child);
}

bool has_children(SlotRef slot) {
  const SlotRef next = next_of(slot);
  return next.is_some() && is_parent_of(slot, next);
}

bool is_final(SlotRef slot) {
  const SlotRef before = prev_of(slot);
  const SlotRef after = next_of(slot);
  if (before.is_some() && same_object(before->cap, slot->cap)) {
    return false;
  }
  return after.is_null() || !same_object(slot->cap, after->cap);
}

void insert_copy(Capability cap, SlotRef source, SlotRef target) {
  const u64 flags = starts_subtree(cap, source->cap) ? revocable_flag | first_badged_flag : 0;
  const bool both_untyped = kind_of(cap) == CapKind::Untyped && kind_of(source->cap) == CapKind::Untyped;
  if (both_untyped) {
    // The copy may hand out the same bytes, so the source has none left.
    const u64 size = bit(get<UntypedView::Bits>(source->cap));
    source.mut().cap = with<UntypedView::Free>(source->cap, size);
  }
  insert_behind(cap, source, target, flags);
}

void insert_child(Capability cap, SlotRef parent, SlotRef target) {
  insert_behind(cap, parent, target, revocable_flag | first_badged_flag);
}

void insert_root(Capability cap, SlotRef target) {
  target.mut().cap = cap;
  target.mut().links = Links{null_ref<Slot>, revocable_flag | first_badged_flag};
}

void move_slot(Capability cap, SlotRef source, SlotRef target) {
  target.mut().cap = cap;
  target.mut().links = source->links;
  source.mut().cap = null_capability;
  source.mut().links = Links{null_ref<Slot>, 0};
  adopt_neighbours(target);
}

void swap_slots(Capability cap_of_first, SlotRef first, Capability cap_of_second, SlotRef second) {
  const Links first_links = first->links;
  first.mut().cap = cap_of_second;
  second.mut().cap = cap_of_first;
  // In two halves, so that neighbours swap correctly too: the second half reads what the first has written.
  const SlotRef before = prev_of(first);
  const SlotRef after = next_of(first);
  if (before.is_some()) {
    set_next(before, second);
  }
  if (after.is_some()) {
    after.mut().links.prev = second;
  }
  const Links second_links = second->links;
  first.mut().links = second_links;
  second.mut().links = first_links;
  adopt_neighbours(first);
}

void clear_slot(SlotRef slot) {
  const SlotRef before = prev_of(slot);
  const SlotRef after = next_of(slot);
  if (before.is_some()) {
    set_next(before, after);
  }
  if (after.is_some()) {
    after.mut().links.prev = before;
    if (is_first_badged(slot)) {
      after.mut().links.next_and_flags = after->links.next_and_flags | first_badged_flag;
    }
  }
  slot.mut().cap = null_capability;
  slot.mut().links = Links{null_ref<Slot>, 0};
}

Outcome check_derivable(SlotRef slot, Capability cap) {
  switch (kind_of(cap)) {
    case CapKind::Untyped:
      return has_children(slot) ? fail(Error::RevokeFirst) : done;
    case CapKind::Zombie:
    case CapKind::IrqControl:
    case CapKind::Null:
      return fail(Error::IllegalOperation);
    case CapKind::VSpace:
      return get<VSpaceView::AsidWord>(cap) == 0 ? fail(Error::IllegalOperation) : done;
    case CapKind::PageTable:
      return get<PageTableView::AsidWord>(cap) == 0 ? fail(Error::IllegalOperation) : done;
    default:
      return done;
  }
}

Capability derived(Capability cap) {
  if (kind_of(cap) == CapKind::Frame) {
    return with<FrameView::MappedAt>(with<FrameView::AsidWord>(cap, 0), 0);
  }
  return cap;
}

}  // namespace cap
