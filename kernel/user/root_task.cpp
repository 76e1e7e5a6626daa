// SPDX-License-Identifier: Apache-2.0
#include "user/syscalls.hpp"
extern "C" void root_task(user::u64 info);
void root_task(user::u64) {
  for (const char* c = "hello from EL0\n"; *c; ++c) user::put_char(*c);
  user::Registers r;
  user::system_call(user::sys_halt, r);
}
