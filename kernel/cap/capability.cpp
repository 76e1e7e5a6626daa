// SPDX-License-Identifier: Apache-2.0
// Facts about single capabilities: what memory they speak of, whether two speak of the same object, and how
// rights, badges and guards change. Source: KERNEL-ABI section 5.
#include "cap/capability.hpp"

namespace cap {

Region region_of(Capability cap) {
  switch (kind_of(cap)) {
    case CapKind::Untyped:
      return Region{get<UntypedView::Base>(cap), bit(get<UntypedView::Bits>(cap))};
    case CapKind::Frame:
      return Region{get<FrameView::Base>(cap), bit(get<FrameView::Bits>(cap))};
    case CapKind::Endpoint:
      return Region{get<EndpointView::Object>(cap), bit(api::endpoint_bits)};
    case CapKind::Notification:
      return Region{get<NotificationView::Object>(cap), bit(api::notification_bits)};
    case CapKind::Reply:
      return Region{get<ReplyView::Object>(cap), bit(api::reply_bits)};
    case CapKind::CNode:
      return Region{get<CNodeView::Object>(cap), bit(get<CNodeView::Radix>(cap) + api::slot_bits)};
    case CapKind::Tcb:
      return Region{get<TcbView::Object>(cap), bit(api::tcb_bits)};
    case CapKind::SchedContext:
      return Region{get<SchedContextView::Object>(cap), bit(get<SchedContextView::Bits>(cap))};
    case CapKind::PageTable:
      return Region{get<PageTableView::Base>(cap), bit(api::page_table_bits)};
    case CapKind::VSpace:
      return Region{get<VSpaceView::Base>(cap), bit(api::vspace_bits)};
    case CapKind::AsidPool:
      return Region{get<AsidPoolView::Object>(cap), bit(api::asid_pool_bits)};
    case CapKind::Zombie:
      if (get<ZombieView::WasTcb>(cap) != 0) {
        return Region{get<ZombieView::Object>(cap), bit(api::tcb_bits)};
      }
      return Region{get<ZombieView::Object>(cap), bit(get<ZombieView::Radix>(cap) + api::slot_bits)};
    case CapKind::Null:
    case CapKind::IrqControl:
    case CapKind::IrqHandler:
    case CapKind::AsidControl:
    case CapKind::Domain:
    case CapKind::SchedControl:
      return Region{0, 0};
  }
  return Region{0, 0};
}

namespace {

bool contains(Region outer, Region inner) {
  const bool starts_inside = inner.base >= outer.base;
  const bool ends_inside = inner.base + inner.size <= outer.base + outer.size;
  return inner.size != 0 && starts_inside && ends_inside;
}

}  // namespace

bool covers(Capability parent, Capability child) {
  const CapKind kind = kind_of(parent);
  const CapKind child_kind = kind_of(child);
  switch (kind) {
    case CapKind::Untyped:
      return contains(region_of(parent), region_of(child));
    case CapKind::Frame:
      return child_kind == kind && contains(region_of(parent), region_of(child));
    case CapKind::IrqControl:
      return child_kind == CapKind::IrqControl || child_kind == CapKind::IrqHandler;
    case CapKind::IrqHandler:
      return child_kind == kind && get<IrqHandlerView::Number>(parent) == get<IrqHandlerView::Number>(child);
    case CapKind::AsidControl:
    case CapKind::Domain:
    case CapKind::SchedControl:
      return child_kind == kind;
    case CapKind::Null:
    case CapKind::Zombie:
      return false;
    default: {
      const Region mine = region_of(parent);
      const Region other = region_of(child);
      return child_kind == kind && mine.base == other.base && mine.size == other.size;
    }
  }
}

bool same_object(Capability a, Capability b) {
  const CapKind kind = kind_of(a);
  if (kind != kind_of(b) || kind == CapKind::Untyped) {
    return false;
  }
  if (kind == CapKind::Frame && get<FrameView::Bits>(a) != get<FrameView::Bits>(b)) {
    return false;
  }
  return covers(a, b);
}

Capability masked(Capability cap, Rights mask) {
  switch (kind_of(cap)) {
    case CapKind::Endpoint:
      return with<EndpointView::RightBits>(cap, get<EndpointView::RightBits>(cap) & mask.word());
    case CapKind::Notification:
      return with<NotificationView::RightBits>(cap, get<NotificationView::RightBits>(cap) & mask.word());
    case CapKind::Reply:
      return with<ReplyView::CanGrant>(cap, get<ReplyView::CanGrant>(cap) & (mask.grant() ? u64{1} : u64{0}));
    case CapKind::Frame:
      return with<FrameView::RightBits>(cap, get<FrameView::RightBits>(cap) & mask.word());
    default:
      return cap;
  }
}

namespace {

template <typename View>
Capability with_badge(Capability cap, u64 badge, bool keep_badge) {
  if (keep_badge || get<typename View::BadgeWord>(cap) != 0) {
    return null_capability;
  }
  return with<typename View::BadgeWord>(cap, badge);
}

/// CNode_CapData: guard size in bits 5:0, guard above, masked to that size. KERNEL-ABI section 5.
Capability with_guard(Capability cap, u64 data) {
  const u64 guard_bits = data & ones(6);
  const u64 guard = (data >> 6) & ones(guard_bits);
  if (guard_bits + get<CNodeView::Radix>(cap) > word_bits) {
    return null_capability;
  }
  return with<CNodeView::Guard>(with<CNodeView::GuardBits>(cap, guard_bits), guard);
}

}  // namespace

Capability with_data(Capability cap, u64 data, bool keep_badge) {
  switch (kind_of(cap)) {
    case CapKind::Endpoint:
      return with_badge<EndpointView>(cap, data, keep_badge);
    case CapKind::Notification:
      return with_badge<NotificationView>(cap, data, keep_badge);
    case CapKind::CNode:
      return with_guard(cap, data);
    default:
      return cap;
  }
}

}  // namespace cap
