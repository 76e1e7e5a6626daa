// SPDX-License-Identifier: Apache-2.0
// Two functions whose addresses are compared have two addresses, though their code is the same.
unsigned twin_a(unsigned x) { return x + 1; }
unsigned twin_b(unsigned x) { return x + 1; }
unsigned which(unsigned (*f)(unsigned)) { return f == twin_a ? 1 : f == twin_b ? 2 : 0; }
