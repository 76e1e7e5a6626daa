// SPDX-License-Identifier: Apache-2.0
// A relaxed atomic access is one access of its width, which may not be repeated.
unsigned ready(const unsigned *flag) { return __atomic_load_n(flag, __ATOMIC_RELAXED) != 0; }
void raise(unsigned *flag, unsigned x) { __atomic_store_n(flag, x, __ATOMIC_RELAXED); }
