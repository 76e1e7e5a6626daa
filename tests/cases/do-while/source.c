// SPDX-License-Identifier: Apache-2.0
// A do loop tests after its body: there is always one iteration.
void step(unsigned);
void steps(unsigned n) {
  do {
    step(n);
  } while (--n != 0);
}
