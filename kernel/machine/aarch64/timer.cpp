// SPDX-License-Identifier: Apache-2.0
// CNTVCT_EL0 may be read ahead of earlier instructions, hence the barrier (Arm ARM "CNTVCT_EL0").
#include "machine/aarch64/timer.hpp"

#include "machine/aarch64/sysreg.hpp"

namespace machine {

void init_timer() {
  // EL0 sees neither counters nor timers.
  SysReg<reg::CNTKCTL_EL1>::write(0);
  SysReg<reg::CNTV_CVAL_EL0>::write(~u64{0});
  SysReg<reg::CNTV_CTL_EL0>::write(1);
  isb();
}

Instant read_time() {
  isb();
  return Instant(SysReg<reg::CNTVCT_EL0>::read());
}

void arm_timer(Instant deadline) {
  SysReg<reg::CNTV_CVAL_EL0>::write(deadline.word());
  isb();
}

}  // namespace machine
