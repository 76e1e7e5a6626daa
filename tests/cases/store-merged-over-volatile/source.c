// SPDX-License-Identifier: Apache-2.0
// A plain store may move over a volatile access of other bytes: equality of memory at every access would be too much.
unsigned buffer;
void kick(volatile unsigned *doorbell) {
  buffer = 1;
  *doorbell = 1;
  buffer = 2;
}
