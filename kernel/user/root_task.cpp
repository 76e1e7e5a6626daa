// SPDX-License-Identifier: Apache-2.0
// The test root task: makes real system calls, compares what comes back with the numbers of KERNEL-ABI.md, prints each
// check, and at the end how many passed. The kernel's headers are not included anywhere under user/.
#include "user/library.hpp"
#include "user/tests.hpp"

extern "C" void root_task(user::u64 info);

void root_task(user::u64 info) {
  user::start_library(info);
  user::test_boot();
  user::test_cspace();
  user::test_untyped();
  user::test_memory();
  user::test_ipc();
  user::test_notification();
  user::test_threads();
  user::test_faults();
  user::test_scheduling();
  user::test_interrupts();
  user::test_destruction();
  user::summary();
  user::Registers registers;
  user::system_call(user::sys_halt, registers);
}
