// SPDX-License-Identifier: Apache-2.0
// In C a loop with a constant condition may not be assumed to end (C11 6.8.5p6).
void hang(void) {
  for (;;) {
  }
}
