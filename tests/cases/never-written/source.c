// SPDX-License-Identifier: Apache-2.0
// A static object that is never written is its initial value.
static unsigned limit = 25;
unsigned within(unsigned x) { return x < limit; }
