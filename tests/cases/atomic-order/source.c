// SPDX-License-Identifier: Apache-2.0
// An acquire load or a release store is an access with an order; a plain one will not do.
unsigned ready(const unsigned *flag) { return __atomic_load_n(flag, __ATOMIC_ACQUIRE) != 0; }
void done(unsigned *flag) { __atomic_store_n(flag, 1, __ATOMIC_RELEASE); }
