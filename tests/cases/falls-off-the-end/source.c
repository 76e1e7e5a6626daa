// SPDX-License-Identifier: Apache-2.0
// Control may run past the last instruction only where the source is undefined.
_Noreturn void die(void);
void only_nonzero(unsigned x) {
  if (x == 0) die();
}
