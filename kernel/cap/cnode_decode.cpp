// SPDX-License-Identifier: Apache-2.0
// What a CNode invocation means, and whether it may be done. Writes nothing.
#include "cap/cnode.hpp"

#include "cap/cspace.hpp"
#include "cap/derivation.hpp"

namespace cap {

Result<SlotRef> decode_slot(const KernelState& kernel, Request request, u64 index) {
  const CPtr pointer(ipc::word(kernel, index));
  const Depth depth(ipc::word(kernel, index + 1));
  return lookup_exact(request.cap(), pointer, depth);
}

Result<SlotRef> decode_empty_slot(const KernelState& kernel, Request request, u64 index) {
  const Result<SlotRef> slot = decode_slot(kernel, request, index);
  if (slot.ok() && !is_empty(slot.value())) {
    return failure<SlotRef>(fail(Error::DeleteFirst));
  }
  return slot;
}

Result<SlotRef> decode_source(const KernelState& kernel, u64 root, u64 index) {
  const CPtr pointer(ipc::word(kernel, index));
  const Depth depth(ipc::word(kernel, index + 1));
  const Result<SlotRef> slot = lookup_exact(ipc::extra(kernel, root)->cap, pointer, depth);
  if (!slot.ok()) {
    return failure<SlotRef>(slot.failure().as_source());
  }
  if (is_empty(slot.value())) {
    return failure<SlotRef>(missing_capability(depth.word()).as_source());
  }
  return slot;
}

Outcome check_copy(SlotRef source, Capability wanted) {
  if (is_null(wanted)) {
    return fail(Error::IllegalOperation);
  }
  return check_derivable(source, wanted);
}

Outcome check_rotate(SlotRef target, SlotRef pivot, SlotRef source) {
  if (pivot == source || pivot == target) {
    return fail(Error::IllegalOperation);
  }
  if (!(source == target) && !is_empty(target)) {
    return fail(Error::DeleteFirst);
  }
  return done;
}

}  // namespace cap
