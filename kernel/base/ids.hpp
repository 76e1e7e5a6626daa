// SPDX-License-Identifier: Apache-2.0
// Numbers that must not be mixed up are types of their own. A Strong<Tag> is one word with explicit
// construction and equality only; what may be ordered or added says so here, once.
#pragma once

#include "base/bits.hpp"

namespace base {

template <typename Tag>
class Strong {
 public:
  Strong() = default;
  explicit constexpr Strong(u64 word) : word_(word) {}
  [[nodiscard]] constexpr u64 word() const { return word_; }
  friend constexpr bool operator==(Strong a, Strong b) { return a.word_ == b.word_; }

 private:
  u64 word_;
};

/// A capability pointer: an allegation of a user, resolved bit by bit in its CSpace.
using CPtr = Strong<struct CPtrTag>;
using Badge = Strong<struct BadgeTag>;
using PhysAddr = Strong<struct PhysAddrTag>;
/// An address in some user address space. The kernel never dereferences one.
using UserVirt = Strong<struct UserVirtTag>;
/// 0 is no address space.
using Asid = Strong<struct AsidTag>;
/// A GIC interrupt identifier (INTID).
using Irq = Strong<struct IrqTag>;
/// 0 (lowest) .. 255. Deliberately not ordered: `outranks` says which way round.
using Prio = Strong<struct PrioTag>;
/// A size as a power of two of bytes.
using SizeBits = Strong<struct SizeBitsTag>;
/// How many bits of a capability pointer are to be resolved.
using Depth = Strong<struct DepthTag>;
/// Which message register (0..119).
using MsgIndex = Strong<struct MsgIndexTag>;
/// An instant of the generic timer, in ticks since reset; and a span of ticks.
using Instant = Strong<struct InstantTag>;
using Duration = Strong<struct DurationTag>;

/// True if `a` is to run before `b`.
constexpr bool outranks(Prio a, Prio b) { return a.word() > b.word(); }

/// Ticks from `from` to `to`; nothing if `to` is not later.
constexpr Duration elapsed(Instant from, Instant to) {
  return Duration(to.word() > from.word() ? to.word() - from.word() : 0);
}

/// The instant `span` after `from`, stopping at the last instant that there is.
constexpr Instant later(Instant from, Duration span) {
  const u64 sum = from.word() + span.word();
  return Instant(sum < from.word() ? ~u64{0} : sum);
}

}  // namespace base
