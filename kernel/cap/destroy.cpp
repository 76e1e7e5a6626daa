// SPDX-License-Identifier: Apache-2.0
// When a zombie meets the last capability to another container in the slots of its object, the two change places: the
// inner container becomes the zombie in the slot under deletion, and remembers where the outer one waits (`Outer`).
// So nesting of any depth needs neither recursion nor memory.
#include "cap/destroy.hpp"

#include "cap/derivation.hpp"
#include "cap/finalise.hpp"

namespace cap {

namespace {

enum class Step : u64 { Done = 0, More = 1 };

SlotRef zombie_slot(Capability zombie, u64 index) { return object_of<Slot, ZombieView>(zombie).element(index); }

bool is_container(Capability cap) { return kind_of(cap) == CapKind::CNode || kind_of(cap) == CapKind::Tcb; }

bool ends_container(SlotRef slot) { return is_container(slot->cap) && is_final(slot); }

/// The zombie of a container whose last capability is `cap`; `outer` waits for it.
Capability zombie_of(Capability cap, SlotRef outer) {
  const u64 waiting = outer.is_null() ? 0 : phys_of(outer).word();
  const Words kind = of_kind(CapKind::Zombie);
  if (kind_of(cap) == CapKind::Tcb) {
    return Capability{kind | ZombieView::Object::only(get<TcbView::Object>(cap)) | ZombieView::WasTcb::only(1) |
                      ZombieView::Count::only(sched::thread_slot_count) | ZombieView::Outer::only(waiting)};
  }
  const u64 radix = get<CNodeView::Radix>(cap);
  return Capability{kind | ZombieView::Object::only(get<CNodeView::Object>(cap)) | ZombieView::Radix::only(radix) |
                    ZombieView::Count::only(bit(radix)) | ZombieView::Outer::only(waiting)};
}

void make_zombie(KernelState& kernel, SlotRef slot, SlotRef outer) {
  const Capability cap = slot->cap;
  if (kind_of(cap) == CapKind::Tcb) {
    finalise_thread(kernel, object_of<sched::Tcb, TcbView>(cap));
  }
  slot.mut().cap = zombie_of(cap, outer);
}

void remove_simple(KernelState& kernel, SlotRef slot) {
  finalise(kernel, slot->cap, is_final(slot));
  clear_slot(slot);
}

void count_down(SlotRef slot) {
  const Capability zombie = slot->cap;
  slot.mut().cap = with<ZombieView::Count>(zombie, get<ZombieView::Count>(zombie) - 1);
}

/// The object is empty: the slot is free, or the outer zombie comes back into it.
Step finish_zombie(SlotRef slot) {
  const u64 waiting = get<ZombieView::Outer>(slot->cap);
  clear_slot(slot);
  if (waiting == 0) {
    return Step::Done;
  }
  const SlotRef outer = ref_at<Slot>(PhysAddr(waiting));
  move_slot(outer->cap, outer, slot);
  count_down(slot);
  return Step::More;
}

Step zombie_step(KernelState& kernel, SlotRef slot) {
  const Capability zombie = slot->cap;
  const u64 count = get<ZombieView::Count>(zombie);
  if (count == 0) {
    return finish_zombie(slot);
  }
  const SlotRef last = zombie_slot(zombie, count - 1);
  if (last == slot || is_empty(last)) {
    count_down(slot);
  } else if (ends_container(last)) {
    make_zombie(kernel, last, last);
    swap_slots(last->cap, last, zombie, slot);
  } else {
    remove_simple(kernel, last);
    count_down(slot);
  }
  return Step::More;
}

Step delete_step(KernelState& kernel, SlotRef slot) {
  switch (kind_of(slot->cap)) {
    case CapKind::Null:
      return Step::Done;
    case CapKind::Zombie:
      return zombie_step(kernel, slot);
    default:
      break;
  }
  if (ends_container(slot)) {
    make_zombie(kernel, slot, null_ref<Slot>);
    return Step::More;
  }
  remove_simple(kernel, slot);
  return Step::Done;
}

}  // namespace

void delete_slot(KernelState& kernel, SlotRef slot) {
  Step step = Step::More;
  while (step == Step::More) {
    // Each step empties a slot, counts a zombie down, or turns a container's last capability into a zombie.
    invariant(!is_empty(slot));
    step = delete_step(kernel, slot);
  }
}

void revoke(KernelState& kernel, SlotRef slot) {
  while (has_children(slot)) {
    invariant(next_of(slot).is_some());
    delete_slot(kernel, next_of(slot));
  }
}

}  // namespace cap
