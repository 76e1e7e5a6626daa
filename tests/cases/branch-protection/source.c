// SPDX-License-Identifier: Apache-2.0
// Return addresses are signed and authenticated by hints; where the processor is said to lack FEAT_PAuth they do nothing.
unsigned other(unsigned x);
unsigned twice(unsigned x) {
  unsigned y = other(x);
  return y + other(x + 1);
}
