// SPDX-License-Identifier: Apache-2.0
// Bytes below SP belong to nobody: an interrupt may write there at any moment.
unsigned long swap_halves(unsigned long x) { return x >> 32 | x << 32; }
