// SPDX-License-Identifier: Apache-2.0
// Another value.
static unsigned mode;
void toggle(unsigned on) { mode = on ? 43 : 0; }
unsigned current_mode(void) { return mode; }
