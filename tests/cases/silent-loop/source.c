// SPDX-License-Identifier: Apache-2.0
// Every iteration makes an event; a loop without one is no refinement, though no value differs.
void g(void);
void repeat(unsigned n) {
  for (unsigned i = 0; i < n; i++) g();
}
