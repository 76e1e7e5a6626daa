// SPDX-License-Identifier: Apache-2.0
// System registers by their names in the Arm ARM: SysReg<reg::ESR_EL1>::read(). A register that the kernel uses
// is one row at the end of this file. None of these instructions is declared to touch memory.
//
// SCTLR, TCR, TTBRn and VBAR are not here: writing them changes what the next instruction means, so that
// is done by the assembly in head.S, which has a contract instead of a proof.
#pragma once

#include "base/types.hpp"

namespace machine {

using namespace base;

template <typename Name>
struct SysReg;

#define KERNEL_SYSTEM_REGISTER(NAME)                                                   \
  namespace reg {                                                                      \
  struct NAME;                                                                         \
  }                                                                                    \
  template <>                                                                          \
  struct SysReg<reg::NAME> {                                                           \
    static u64 read() {                                                                \
      u64 value;                                                                       \
      asm volatile("mrs %0, " #NAME : "=r"(value));                                    \
      return value;                                                                    \
    }                                                                                  \
    static void write(u64 value) { asm volatile("msr " #NAME ", %0" : : "r"(value)); } \
  }

KERNEL_SYSTEM_REGISTER(ESR_EL1);
KERNEL_SYSTEM_REGISTER(FAR_EL1);
KERNEL_SYSTEM_REGISTER(CNTVCT_EL0);
KERNEL_SYSTEM_REGISTER(CNTV_CTL_EL0);
KERNEL_SYSTEM_REGISTER(CNTV_CVAL_EL0);
KERNEL_SYSTEM_REGISTER(CNTKCTL_EL1);
KERNEL_SYSTEM_REGISTER(CPACR_EL1);

#undef KERNEL_SYSTEM_REGISTER

/// Later instructions see the effects of earlier writes of system registers.
inline void isb() { asm volatile("isb" : : : "memory"); }

/// FP and SIMD instructions trap at both levels (CPACR_EL1.FPEN = 0).
inline void forbid_floating_point() {
  SysReg<reg::CPACR_EL1>::write(0);
  isb();
}

/// Earlier memory accesses and maintenance have taken effect for everybody.
inline void dsb() { asm volatile("dsb sy" : : : "memory"); }

}  // namespace machine
