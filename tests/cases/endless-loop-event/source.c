// SPDX-License-Identifier: Apache-2.0
// An endless loop with events does the same events for ever.
void tick(unsigned);
_Noreturn void run(void) {
  for (unsigned i = 0;; i++) tick(i);
}
