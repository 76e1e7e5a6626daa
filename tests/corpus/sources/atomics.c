// SPDX-License-Identifier: Apache-2.0
// Every atomic builtin on every width and order: exclusives at -march=armv8-a, LSE at armv8.1-a, calls with outline atomics.
#define ORDERED(T, n, order)                                                                              \
  T load_##n##_##order(T *p) { return __atomic_load_n(p, __ATOMIC_##order == __ATOMIC_RELEASE || __ATOMIC_##order == __ATOMIC_ACQ_REL ? __ATOMIC_ACQUIRE : __ATOMIC_##order); } \
  void store_##n##_##order(T *p, T v) { __atomic_store_n(p, v, __ATOMIC_##order == __ATOMIC_ACQUIRE || __ATOMIC_##order == __ATOMIC_ACQ_REL ? __ATOMIC_RELEASE : __ATOMIC_##order); } \
  T exchange_##n##_##order(T *p, T v) { return __atomic_exchange_n(p, v, __ATOMIC_##order); }              \
  T add_##n##_##order(T *p, T v) { return __atomic_fetch_add(p, v, __ATOMIC_##order); }                    \
  T sub_##n##_##order(T *p, T v) { return __atomic_fetch_sub(p, v, __ATOMIC_##order); }                    \
  T and_##n##_##order(T *p, T v) { return __atomic_fetch_and(p, v, __ATOMIC_##order); }                    \
  T or_##n##_##order(T *p, T v) { return __atomic_fetch_or(p, v, __ATOMIC_##order); }                      \
  T xor_##n##_##order(T *p, T v) { return __atomic_fetch_xor(p, v, __ATOMIC_##order); }                    \
  T nand_##n##_##order(T *p, T v) { return __atomic_fetch_nand(p, v, __ATOMIC_##order); }                  \
  T add_fetch_##n##_##order(T *p, T v) { return __atomic_add_fetch(p, v, __ATOMIC_##order); }              \
  void or_only_##n##_##order(T *p, T v) { __atomic_fetch_or(p, v, __ATOMIC_##order); }                     \
  void add_only_##n##_##order(T *p) { __atomic_fetch_add(p, 1, __ATOMIC_##order); }                        \
  _Bool swap_##n##_##order(T *p, T *e, T v) { return __atomic_compare_exchange_n(p, e, v, 0, __ATOMIC_##order, __ATOMIC_RELAXED); } \
  _Bool weak_##n##_##order(T *p, T *e, T v) { return __atomic_compare_exchange_n(p, e, v, 1, __ATOMIC_##order, __ATOMIC_RELAXED); } \
  void maximum_##n##_##order(T *p, T v) {                                                                  \
    T old = *p;                                                                                            \
    while (old < v && !__atomic_compare_exchange_n(p, &old, v, 1, __ATOMIC_##order, __ATOMIC_RELAXED)) {}  \
  }

#define WIDTH(T, n) ORDERED(T, n, RELAXED) ORDERED(T, n, ACQUIRE) ORDERED(T, n, RELEASE) ORDERED(T, n, ACQ_REL) ORDERED(T, n, SEQ_CST)
WIDTH(unsigned char, 1)
WIDTH(short, 2)
WIDTH(unsigned, 4)
WIDTH(long, 8)

#if defined(__clang__)
#define EXTREME(T, n) \
  T atomic_max_##n(T *p, T v) { return __atomic_fetch_max(p, v, __ATOMIC_SEQ_CST); } \
  T atomic_min_##n(T *p, T v) { return __atomic_fetch_min(p, v, __ATOMIC_ACQUIRE); }
EXTREME(signed char, i8)
EXTREME(unsigned char, u8)
EXTREME(short, i16)
EXTREME(unsigned short, u16)
EXTREME(int, i32)
EXTREME(unsigned, u32)
EXTREME(long, i64)
EXTREME(unsigned long, u64)
_Bool pair(__int128 *p, __int128 *e, __int128 v) { return __atomic_compare_exchange_n(p, e, v, 0, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST); }
_Bool pair_relaxed(__int128 *p, __int128 *e, __int128 v) { return __atomic_compare_exchange_n(p, e, v, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED); }
#endif

_Bool test_and_set(void *p) { return __atomic_test_and_set(p, __ATOMIC_ACQUIRE); }
void clear(_Bool *p) { __atomic_clear(p, __ATOMIC_RELEASE); }
void fences(void) {
  __atomic_thread_fence(__ATOMIC_ACQUIRE);
  __atomic_thread_fence(__ATOMIC_RELEASE);
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
  __atomic_signal_fence(__ATOMIC_SEQ_CST);
}
long sync(long *p, long v) { __sync_synchronize(); return __sync_val_compare_and_swap(p, v, v + 1) + __sync_fetch_and_add(p, v); }
