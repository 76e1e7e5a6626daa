// SPDX-License-Identifier: Apache-2.0
// A bool is 0 or 1 in its byte; every conversion to it is a comparison with zero.
#include <stdbool.h>
bool any(unsigned x) { return x & 0xff00; }
unsigned select_by(bool b, unsigned x, unsigned y) { return b ? x : y; }
void store_bool(bool *p, unsigned long x) { *p = x; }
