// SPDX-License-Identifier: Apache-2.0
// Retyping: objects are laid out one behind the other, zeroed, and their capabilities become children of the untyped.
#include "cap/untyped.hpp"

#include "api/labels.hpp"
#include "base/memory.hpp"
#include "cap/derivation.hpp"
#include "machine/aarch64/pstate.hpp"

namespace cap {

namespace {

void clear_object(PhysAddr base, u64 bits) { zero_words(ref_at<u64>(base), bit(bits) / sizeof(u64)); }

Capability make_thread(PhysAddr base) {
  ref_at<sched::Tcb>(base).mut().context.spsr = machine::user_spsr;
  return TcbView::make(base);
}

Capability make_context(PhysAddr base, u64 bits) {
  ref_at<sched::SchedContext>(base).mut().size_bits = bits;
  return SchedContextView::make(base, SizeBits(bits));
}

}  // namespace

Capability make_object(ObjectType type, PhysAddr base, u64 size_bits, bool device) {
  if (type == ObjectType::Untyped) {
    return UntypedView::make(base, SizeBits(size_bits), device);
  }
  const u64 bits = object_bits(type, size_bits);
  if (!device) {
    clear_object(base, bits);
  }
  switch (type) {
    case ObjectType::Tcb:
      return make_thread(base);
    case ObjectType::Endpoint:
      return EndpointView::make(base, Badge(0), api::all_rights);
    case ObjectType::Notification:
      return NotificationView::make(base, Badge(0), api::all_rights);
    case ObjectType::CNode:
      return CNodeView::make(base, size_bits);
    case ObjectType::SchedContext:
      return make_context(base, size_bits);
    case ObjectType::Reply:
      return ReplyView::make(base, true);
    case ObjectType::VSpace:
      return VSpaceView::make(base);
    case ObjectType::PageTable:
      return PageTableView::make(base);
    case ObjectType::Untyped:
    case ObjectType::HugePage:
    case ObjectType::SmallPage:
    case ObjectType::LargePage:
      break;
  }
  return FrameView::make(base, SizeBits(bits), device);
}

namespace {

bool fits_device(ObjectType type) {
  return type == ObjectType::Untyped || type == ObjectType::SmallPage || type == ObjectType::LargePage ||
         type == ObjectType::HugePage;
}

/// Makes `count` objects from `start` on, and puts their capabilities into the slots from `first` on.
void create_objects(SlotRef untyped, ObjectType type, u64 size_bits, PhysAddr start, SlotRef first, u64 count) {
  const Capability cap = untyped->cap;
  const u64 bits = object_bits(type, size_bits);
  const bool device = get<UntypedView::Device>(cap) != 0;
  const u64 end = start.word() + shift_left(count, bits);
  untyped.mut().cap = with<UntypedView::Free>(cap, end - get<UntypedView::Base>(cap));
  for (u64 i = 0; i < count; ++i) {
    variant(count - i);
    const PhysAddr base(start.word() + shift_left(i, bits));
    insert_child(make_object(type, base, size_bits, device), untyped, first.element(i));
  }
}

Outcome retype(KernelState& kernel, Request request) {
  const u64 type_word = ipc::word(kernel, 0);
  const u64 size_bits = ipc::word(kernel, 1);
  const u64 offset = ipc::word(kernel, 4);
  const u64 count = ipc::word(kernel, 5);
  const Outcome object = check_object(type_word, size_bits);
  if (!object.ok()) {
    return object;
  }
  const Result<SlotRef> node = decode_destination(kernel);
  if (!node.ok()) {
    return node.failure();
  }
  const Outcome window = check_window(node.value()->cap, offset, count);
  if (!window.ok()) {
    return window;
  }
  const ObjectType type = static_cast<ObjectType>(type_word);
  const Result<PhysAddr> start = place(request.slot, object_bits(type, size_bits), count);
  if (!start.ok()) {
    return start.failure();
  }
  if (get<UntypedView::Device>(request.cap()) != 0 && !fits_device(type)) {
    return invalid_argument(1);
  }
  const SlotRef first = object_of<Slot, CNodeView>(node.value()->cap).element(offset);
  create_objects(request.slot, type, size_bits, start.value(), first, count);
  return done;
}

}  // namespace

Outcome invoke_untyped(KernelState& kernel, Request request) {
  if (static_cast<api::Label>(request.label()) != api::Label::UntypedRetype) {
    return fail(Error::IllegalOperation);
  }
  const Outcome length = ipc::check_length(request, 6, 1);
  return length.ok() ? retype(kernel, request) : length;
}

}  // namespace cap
