// SPDX-License-Identifier: Apache-2.0
// A backward goto is a loop like any other.
int ready(void);
unsigned wait(void) {
  unsigned tries = 0;
again:
  tries++;
  if (!ready()) goto again;
  return tries;
}
