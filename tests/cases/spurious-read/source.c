// SPDX-License-Identifier: Apache-2.0
// A read that the source does not make may fault, or be a device.
unsigned maybe_read(unsigned *p, int c) { return c ? *p : 0; }
