// SPDX-License-Identifier: Apache-2.0
// A capability is two words. Its kind stands in the top five bits of word 0; each kind has a typed view below,
// and all views of objects in memory name the object by its physical address, so that device memory
// (outside the kernel's window) and RAM are the same to the derivation list.
//
// Adding a kind: a row in api::CapKind, a view here, a row in `region_of` (capability.cpp).
#pragma once

#include "api/message.hpp"
#include "api/objects.hpp"
#include "base/result.hpp"

namespace cap {

using namespace base;
using api::CapKind;
using api::Rights;

struct Capability {
  Words words;
};
static_assert(sizeof(Capability) == 16);

using Kind = Field<0, 59, 5>;

inline constexpr Capability null_capability = Capability{{0, 0}};

constexpr CapKind kind_of(Capability cap) { return static_cast<CapKind>(Kind::get(cap.words)); }
constexpr bool is_null(Capability cap) { return kind_of(cap) == CapKind::Null; }
constexpr Words of_kind(CapKind kind) { return Kind::only(static_cast<u64>(kind)); }

template <typename F>
constexpr u64 get(Capability cap) {
  return F::get(cap.words);
}
template <typename F>
constexpr Capability with(Capability cap, u64 value) {
  return Capability{F::set(cap.words, value)};
}

/// Memory not yet given a type. `Free` is the watermark in units of 16 bytes from the start.
struct UntypedView {
  using Base = Field<1, 0, 48, 0>;
  using Free = Field<0, 0, 44, 4>;
  using Device = Field<0, 44, 1>;
  using Bits = Field<0, 45, 6>;
  static_assert(layout<Kind, Base, Free, Device, Bits>);
  static constexpr Capability make(PhysAddr base, SizeBits bits, bool device) {
    return Capability{of_kind(CapKind::Untyped) | Base::only(base.word()) | Bits::only(bits.word()) |
                      Device::only(device ? 1 : 0)};
  }
};

struct EndpointView {
  using Object = Field<0, 0, 44, 4>;
  using RightBits = Field<0, 55, 4>;
  using BadgeWord = Field<1, 0, 64>;
  static_assert(layout<Kind, Object, RightBits, BadgeWord>);
  static constexpr Capability make(PhysAddr object, Badge badge, Rights rights) {
    return Capability{of_kind(CapKind::Endpoint) | Object::only(object.word()) | RightBits::only(rights.word()) |
                      BadgeWord::only(badge.word())};
  }
};

struct NotificationView {
  using Object = Field<0, 0, 42, 6>;
  using RightBits = Field<0, 55, 2>;
  using BadgeWord = Field<1, 0, 64>;
  static_assert(layout<Kind, Object, RightBits, BadgeWord>);
  static constexpr Capability make(PhysAddr object, Badge badge, Rights rights) {
    return Capability{of_kind(CapKind::Notification) | Object::only(object.word()) | RightBits::only(rights.word()) |
                      BadgeWord::only(badge.word())};
  }
};

struct ReplyView {
  using Object = Field<0, 0, 43, 5>;
  using CanGrant = Field<0, 55, 1>;
  static_assert(layout<Kind, Object, CanGrant>);
  static constexpr Capability make(PhysAddr object, bool grant) {
    return Capability{of_kind(CapKind::Reply) | Object::only(object.word()) | CanGrant::only(grant ? 1 : 0)};
  }
};

/// 2^Radix slots; `GuardBits` bits of the pointer must equal `Guard` before the radix is used.
struct CNodeView {
  using Object = Field<0, 0, 43, 5>;
  using Radix = Field<0, 47, 6>;
  using GuardBits = Field<0, 53, 6>;
  using Guard = Field<1, 0, 64>;
  static_assert(layout<Kind, Object, Radix, GuardBits, Guard>);
  static constexpr Capability make(PhysAddr object, u64 radix) {
    return Capability{of_kind(CapKind::CNode) | Object::only(object.word()) | Radix::only(radix)};
  }
};

struct TcbView {
  using Object = Field<0, 0, 37, 11>;
  static_assert(layout<Kind, Object>);
  static constexpr Capability make(PhysAddr object) {
    return Capability{of_kind(CapKind::Tcb) | Object::only(object.word())};
  }
};

struct SchedContextView {
  using Object = Field<0, 0, 41, 7>;
  using Bits = Field<0, 47, 6>;
  static_assert(layout<Kind, Object, Bits>);
  static constexpr Capability make(PhysAddr object, SizeBits bits) {
    return Capability{of_kind(CapKind::SchedContext) | Object::only(object.word()) | Bits::only(bits.word())};
  }
};

/// A mapped frame remembers where: `MappedAt` in the address space `AsidWord` (0: not mapped).
struct FrameView {
  using MappedAt = Field<0, 0, 36, 12>;
  using Device = Field<0, 36, 1>;
  using Bits = Field<0, 37, 6>;
  using RightBits = Field<0, 43, 2>;
  using Base = Field<1, 0, 48, 0>;
  using AsidWord = Field<1, 48, 16>;
  static_assert(layout<Kind, MappedAt, Device, Bits, RightBits, Base, AsidWord>);
  static constexpr Capability make(PhysAddr base, SizeBits bits, bool device) {
    return Capability{of_kind(CapKind::Frame) | Base::only(base.word()) | Bits::only(bits.word()) |
                      Device::only(device ? 1 : 0) | RightBits::only(3)};
  }
};

struct PageTableView {
  using MappedAt = Field<0, 0, 36, 12>;
  using Base = Field<1, 0, 48, 0>;
  using AsidWord = Field<1, 48, 16>;
  static_assert(layout<Kind, MappedAt, Base, AsidWord>);
  static constexpr Capability make(PhysAddr base) {
    return Capability{of_kind(CapKind::PageTable) | Base::only(base.word())};
  }
};

struct VSpaceView {
  using Base = Field<1, 0, 48, 0>;
  using AsidWord = Field<1, 48, 16>;
  static_assert(layout<Kind, Base, AsidWord>);
  static constexpr Capability make(PhysAddr base) {
    return Capability{of_kind(CapKind::VSpace) | Base::only(base.word())};
  }
};

struct AsidPoolView {
  using Object = Field<0, 0, 36, 12>;
  using First = Field<1, 0, 16>;
  static_assert(layout<Kind, Object, First>);
  static constexpr Capability make(PhysAddr object, Asid first) {
    return Capability{of_kind(CapKind::AsidPool) | Object::only(object.word()) | First::only(first.word())};
  }
};

struct IrqHandlerView {
  using Number = Field<0, 0, 12>;
  static_assert(layout<Kind, Number>);
  static constexpr Capability make(Irq irq) {
    return Capability{of_kind(CapKind::IrqHandler) | Number::only(irq.word())};
  }
};

/// An object being taken apart: the slots [0, Count) of the array at `Object` are still to be emptied, then the
/// zombie that stands in the slot `Outer` (0: none) goes on. The zombie is the whole state of a deletion.
struct ZombieView {
  using Object = Field<0, 0, 43, 5>;
  using Radix = Field<0, 47, 6>;  // of the CNode that it was
  using WasTcb = Field<0, 53, 1>;
  using Count = Field<1, 0, 26>;
  using Outer = Field<1, 26, 38, 5>;  // physical address of a slot
  static_assert(layout<Kind, Object, Radix, WasTcb, Count, Outer>);
};

/// A capability without fields: IRQControl, ASIDControl, Domain, SchedControl.
constexpr Capability make_singleton(CapKind kind) { return Capability{of_kind(kind)}; }

/// The object of a capability, whose kind the caller has checked.
template <typename T, typename View>
constexpr Ref<T> object_of(Capability cap) {
  return ref_at<T>(PhysAddr(get<typename View::Object>(cap)));
}

/// Physical memory that a capability speaks of; no bytes for those that speak of none.
struct Region {
  u64 base;
  u64 size;
};
[[nodiscard]] Region region_of(Capability cap);

/// Whether authority over `parent`'s region includes all that `child` speaks of.
[[nodiscard]] bool covers(Capability parent, Capability child);

/// Whether both speak of the same object, so that neither's deletion is the end of it.
[[nodiscard]] bool same_object(Capability a, Capability b);

/// `cap` with its rights reduced to `mask`; kinds without rights are unaffected.
[[nodiscard]] Capability masked(Capability cap, Rights mask);

/// `cap` with a badge or guard as Mint (`keep_badge` = false) and Mutate or Rotate (true) set it; null if that is not
/// allowed.
[[nodiscard]] Capability with_data(Capability cap, u64 data, bool keep_badge);

}  // namespace cap
