// SPDX-License-Identifier: Apache-2.0
// The one place where an integer becomes a pointer. A Ref<T> is the kernel address of a T that exists,
// or null. Reading is `ref->field`; writing is `ref.mut().field = x`, so that a file without `.mut()` (every
// *_decode.cpp) visibly writes nothing.
//
// The kernel sees physical memory [0, 2 GiB) through one window, and sees each byte at one address only.
#pragma once

#include "base/ids.hpp"

namespace base {

/// Kernel address of physical address 0; the window ends with the address space.
inline constexpr u64 window_base = 0xffff'ffff'8000'0000;
inline constexpr u64 window_size = 0x8000'0000;

template <typename T>
class Ref {
 public:
  Ref() = default;
  explicit constexpr Ref(u64 address) : address_(address) {}

  [[nodiscard]] constexpr u64 word() const { return address_; }
  [[nodiscard]] constexpr bool is_null() const { return address_ == 0; }
  [[nodiscard]] constexpr bool is_some() const { return address_ != 0; }
  const T* operator->() const { return reinterpret_cast<const T*>(address_); }
  [[nodiscard]] const T& get() const { return *reinterpret_cast<const T*>(address_); }
  [[nodiscard]] T& mut() const { return *reinterpret_cast<T*>(address_); }
  friend constexpr bool operator==(Ref a, Ref b) { return a.address_ == b.address_; }

  /// Element `index` of the array of T that starts here.
  [[nodiscard]] constexpr Ref element(u64 index) const { return Ref(address_ + index * sizeof(T)); }

 private:
  u64 address_;
};

template <typename T>
inline constexpr Ref<T> null_ref = Ref<T>(0);

/// The object at a physical address inside the window.
template <typename T>
constexpr Ref<T> ref_at(PhysAddr address) {
  return Ref<T>(address.word() + window_base);
}

template <typename T>
constexpr PhysAddr phys_of(Ref<T> ref) {
  return PhysAddr(ref.word() - window_base);
}

/// The address of an object with static storage.
template <typename T>
Ref<T> ref_to(T& object) {
  return Ref<T>(reinterpret_cast<u64>(&object));
}

}  // namespace base
