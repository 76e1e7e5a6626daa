// SPDX-License-Identifier: Apache-2.0
// The callee may not return, so a load after it must stay after it.
void h(void);
unsigned after_call(unsigned *p) {
  h();
  return *p;
}
