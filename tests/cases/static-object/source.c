// SPDX-License-Identifier: Apache-2.0
// A static object that no other unit can see may change its representation (clang: one byte for 0 or 42).
static unsigned mode;
void toggle(unsigned on) { mode = on ? 42 : 0; }
unsigned current_mode(void) { return mode; }
