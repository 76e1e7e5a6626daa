// SPDX-License-Identifier: Apache-2.0
// Two volatile accesses of neighbours are two accesses: a pair instruction is none of them.
struct device {
  unsigned long status, data;
};
unsigned long poll(volatile struct device *d) {
  unsigned long status = d->status;
  return status ^ d->data;
}
