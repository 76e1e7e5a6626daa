// SPDX-License-Identifier: Apache-2.0
// A wait for a device that gives up after so many reads: only a device that never answers shows how many.
int send(volatile unsigned *flags, volatile unsigned *data, unsigned x) {
  for (unsigned i = 0; i < 20000; ++i) {
    if ((*flags & 32) == 0) {
      *data = x;
      return 1;
    }
  }
  return 0;
}
