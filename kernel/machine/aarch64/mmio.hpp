// SPDX-License-Identifier: Apache-2.0
// Device registers: the one pair of functions that makes volatile accesses.
#pragma once

#include "base/ref.hpp"

namespace machine {

using namespace base;

/// A 32-bit device register at a kernel address.
struct Register {
  u64 address;
};

/// The register at `offset` of the device at a physical address inside the window.
constexpr Register device_register(u64 device, u64 offset) { return Register{window_base + device + offset}; }

inline u32 mmio_read(Register target) { return *reinterpret_cast<const volatile u32*>(target.address); }

inline void mmio_write(Register target, u32 value) { *reinterpret_cast<volatile u32*>(target.address) = value; }

}  // namespace machine
