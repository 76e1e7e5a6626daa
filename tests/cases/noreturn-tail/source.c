// SPDX-License-Identifier: Apache-2.0
// After a call that does not return there may be no code at all.
_Noreturn void die(void);
unsigned checked(unsigned x) {
  if (x == 0) die();
  return x - 1;
}
