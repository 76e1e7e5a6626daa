// SPDX-License-Identifier: Apache-2.0
// TLB maintenance and the switch of user address spaces. Source: Arm ARM "TLBI ASIDE1", "TLBI VALE1".
#pragma once

#include "base/ids.hpp"
#include "machine/aarch64/sysreg.hpp"

/// Installs a user translation table (head.S): bits 47:0 its physical address, bits 63:48 the ASID.
extern "C" void machine_set_user_space(base::u64 ttbr0);

namespace machine {

/// Forgets all translations of an address space.
inline void invalidate_space(Asid asid) {
  asm volatile("tlbi aside1, %0" : : "r"(asid.word() << 48) : "memory");
  dsb();
  isb();
}

/// Forgets all translations.
inline void invalidate_all() {
  asm volatile("tlbi vmalle1" : : : "memory");
  dsb();
  isb();
}

/// Forgets the translation of one page.
inline void invalidate_page(Asid asid, UserVirt address) {
  asm volatile("tlbi vale1, %0" : : "r"((asid.word() << 48) | ((address.word() >> 12) & ones(44))) : "memory");
  dsb();
  isb();
}

}  // namespace machine
