// SPDX-License-Identifier: Apache-2.0
// CNode invocations: each looks at everything first, and then does one operation on the derivation list.
#include "cap/cnode.hpp"

#include "api/labels.hpp"
#include "cap/derivation.hpp"
#include "cap/destroy.hpp"
#include "ipc/cancel.hpp"

namespace cap {

namespace {

/// Copy (5 words: all data is rights) and Mint (6: and a badge or guard).
Outcome copy(const KernelState& kernel, Request request, bool mint) {
  const Outcome length = ipc::check_length(request, mint ? 6 : 5, 1);
  if (!length.ok()) {
    return length;
  }
  const Result<SlotRef> target = decode_empty_slot(kernel, request, 0);
  if (!target.ok()) {
    return target.failure();
  }
  const Result<SlotRef> source = decode_source(kernel, 0, 2);
  if (!source.ok()) {
    return source.failure();
  }
  const Capability less = masked(source.value()->cap, Rights(ipc::word(kernel, 4)));
  const Capability wanted = mint ? with_data(less, ipc::word(kernel, 5), false) : less;
  const Outcome allowed = check_copy(source.value(), wanted);
  if (allowed.ok()) {
    insert_copy(derived(wanted), source.value(), target.value());
  }
  return allowed;
}

/// Move (4 words) and Mutate (5: and a guard).
Outcome move(const KernelState& kernel, Request request, bool mutate) {
  const Outcome length = ipc::check_length(request, mutate ? 5 : 4, 1);
  if (!length.ok()) {
    return length;
  }
  const Result<SlotRef> target = decode_empty_slot(kernel, request, 0);
  if (!target.ok()) {
    return target.failure();
  }
  const Result<SlotRef> source = decode_source(kernel, 0, 2);
  if (!source.ok()) {
    return source.failure();
  }
  const Capability old = source.value()->cap;
  const Capability moved = mutate ? with_data(old, ipc::word(kernel, 4), true) : old;
  if (is_null(moved)) {
    return fail(Error::IllegalOperation);
  }
  move_slot(moved, source.value(), target.value());
  return done;
}

/// The pivot's capability goes to the target, and the source's to the pivot.
Outcome commit_rotate(const KernelState& kernel, SlotRef target, SlotRef pivot, SlotRef source) {
  const Capability from_pivot = with_data(pivot->cap, ipc::word(kernel, 2), true);
  const Capability from_source = with_data(source->cap, ipc::word(kernel, 5), true);
  if (is_null(from_pivot) || is_null(from_source)) {
    return fail(Error::IllegalOperation);
  }
  if (source == target) {
    swap_slots(from_source, source, from_pivot, pivot);
  } else {
    move_slot(from_pivot, pivot, target);
    move_slot(from_source, source, pivot);
  }
  return done;
}

Outcome rotate(const KernelState& kernel, Request request) {
  const Outcome length = ipc::check_length(request, 8, 2);
  if (!length.ok()) {
    return length;
  }
  const Result<SlotRef> target = decode_slot(kernel, request, 0);
  if (!target.ok()) {
    return target.failure();
  }
  const Result<SlotRef> source = decode_source(kernel, 1, 6);
  if (!source.ok()) {
    return source.failure();
  }
  const Result<SlotRef> pivot = decode_source(kernel, 0, 3);
  if (!pivot.ok()) {
    return Outcome{OutcomeSource::set(pivot.words, 0)};
  }
  const Outcome allowed = check_rotate(target.value(), pivot.value(), source.value());
  if (!allowed.ok()) {
    return allowed;
  }
  return commit_rotate(kernel, target.value(), pivot.value(), source.value());
}

Outcome remove(KernelState& kernel, SlotRef slot) {
  delete_slot(kernel, slot);
  return done;
}

Outcome remove_children(KernelState& kernel, SlotRef slot) {
  revoke(kernel, slot);
  return done;
}

Outcome cancel_sends(KernelState& kernel, SlotRef slot) {
  const Capability cap = slot->cap;
  if (kind_of(cap) != CapKind::Endpoint || get<EndpointView::RightBits>(cap) != api::all_rights.word()) {
    return fail(Error::IllegalOperation);
  }
  const u64 badge = get<EndpointView::BadgeWord>(cap);
  if (badge != 0) {
    ipc::cancel_badged_sends(kernel, object_of<ipc::Endpoint, EndpointView>(cap), Badge(badge));
  }
  return done;
}

/// The slot of the operations that name just one.
Result<SlotRef> decode_single(const KernelState& kernel, Request request) {
  const Outcome length = ipc::check_length(request, 2, 0);
  if (!length.ok()) {
    return failure<SlotRef>(length);
  }
  return decode_slot(kernel, request, 0);
}

}  // namespace

Outcome invoke_cnode(KernelState& kernel, Request request) {
  const api::Label label = static_cast<api::Label>(request.label());
  switch (label) {
    case api::Label::CNodeCopy:
      return copy(kernel, request, false);
    case api::Label::CNodeMint:
      return copy(kernel, request, true);
    case api::Label::CNodeMove:
      return move(kernel, request, false);
    case api::Label::CNodeMutate:
      return move(kernel, request, true);
    case api::Label::CNodeRotate:
      return rotate(kernel, request);
    case api::Label::CNodeDelete: {
      const Result<SlotRef> slot = decode_single(kernel, request);
      return slot.ok() ? remove(kernel, slot.value()) : slot.failure();
    }
    case api::Label::CNodeRevoke: {
      const Result<SlotRef> slot = decode_single(kernel, request);
      return slot.ok() ? remove_children(kernel, slot.value()) : slot.failure();
    }
    case api::Label::CNodeCancelBadgedSends: {
      const Result<SlotRef> slot = decode_single(kernel, request);
      return slot.ok() ? cancel_sends(kernel, slot.value()) : slot.failure();
    }
    default:
      return fail(Error::IllegalOperation);
  }
}

}  // namespace cap
