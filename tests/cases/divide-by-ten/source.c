// SPDX-License-Identifier: Apache-2.0
// Division by a constant becomes a multiplication by a magic number.
unsigned tenth_of(unsigned x) { return x / 10; }
