// SPDX-License-Identifier: Apache-2.0
// What is written before a release is there when it is seen, and what is read behind an acquire is not from before it.
void publish(unsigned *data, unsigned *flag, unsigned x) {
  *data = x;
  __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}
unsigned consume(const unsigned *flag, const unsigned *data) {
  const unsigned before = *data;
  if (__atomic_load_n(flag, __ATOMIC_ACQUIRE) == 0) {
    return before;
  }
  return *data + 1;
}
void wait_for(const unsigned *flag) {
  while (__atomic_load_n(flag, __ATOMIC_ACQUIRE) == 0) {
  }
}
unsigned changed(const unsigned *flag, const unsigned *data) {
  const unsigned before = *data;
  wait_for(flag);
  return *data - before;
}
