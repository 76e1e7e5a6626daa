// SPDX-License-Identifier: Apache-2.0
// Compiler builtins that become instructions of their own.
typedef unsigned u32;
typedef unsigned long u64;

#define OVERFLOW(T, name) \
  int name##_add(T a, T b, T *r) { return __builtin_add_overflow(a, b, r); } \
  int name##_sub(T a, T b, T *r) { return __builtin_sub_overflow(a, b, r); } \
  int name##_mul(T a, T b, T *r) { return __builtin_mul_overflow(a, b, r); } \
  T name##_saturate(T a, T b) { T r; return __builtin_add_overflow(a, b, &r) ? (T)-1 : r; }

OVERFLOW(signed char, schar)
OVERFLOW(unsigned char, uchar)
OVERFLOW(short, short)
OVERFLOW(unsigned short, ushort)
OVERFLOW(int, int)
OVERFLOW(unsigned, uint)
OVERFLOW(long, long)
OVERFLOW(unsigned long, ulong)
OVERFLOW(__int128, wide)
OVERFLOW(unsigned __int128, uwide)

int clz(u32 x) { return __builtin_clz(x); }
int clzl(u64 x) { return __builtin_clzl(x); }
int clrsb(int x) { return __builtin_clrsb(x); }
int clrsbl(long x) { return __builtin_clrsbl(x); }
int ctz(u32 x) { return __builtin_ctz(x); }
int ctzl(u64 x) { return __builtin_ctzl(x); }
int ffs(int x) { return __builtin_ffs(x); }
int ffsl(long x) { return __builtin_ffsl(x); }
int parity(u32 x) { return __builtin_parity(x); }
int popcount(u32 x) { return __builtin_popcount(x); }
int popcountl(u64 x) { return __builtin_popcountl(x); }
unsigned short swap16(unsigned short x) { return __builtin_bswap16(x); }
u32 swap32(u32 x) { return __builtin_bswap32(x); }
u64 swap64(u64 x) { return __builtin_bswap64(x); }
u32 swap16_in_32(u32 x) { return (x & 0xff00ff00) >> 8 | (x & 0x00ff00ff) << 8; }
u64 swap32_in_64(u64 x) { return (u64)__builtin_bswap32((u32)(x >> 32)) << 32 | __builtin_bswap32((u32)x); }
u32 rotate32(u32 x) { return x >> 7 | x << 25; }
u64 rotate64(u64 x) { return x >> 7 | x << 57; }
u64 funnel(u64 a, u64 b) { return a << 60 | b >> 4; }
u32 rotate_by(u32 x, u32 n) { return x >> (n & 31) | x << (-n & 31); }
u64 rotate64_by(u64 x, u64 n) { return x >> (n & 63) | x << (-n & 63); }
void prefetch(const char *p, long i) {
  __builtin_prefetch(p, 0, 0);
  __builtin_prefetch(p + 64, 0, 1);
  __builtin_prefetch(p + 5, 1, 2);
  __builtin_prefetch(p + i, 1, 3);
  __builtin_prefetch(p + 8 * i, 0, 3);
}
void trap(int x) { if (x) __builtin_trap(); }
void unreachable(int x) { if (x == 3) __builtin_unreachable(); }
void *frame(void) { return __builtin_frame_address(0); }
void *caller(void) { return __builtin_return_address(0); }
void copy(char *a, const char *b) { __builtin_memcpy(a, b, 71); }
void set(char *a) { __builtin_memset(a, 0, 100); }
void set_5(char *a) { __builtin_memset(a, 5, 33); }
void move(char *a, char *b) { __builtin_memmove(a, b, 24); }
int compare(const char *a, const char *b) { return __builtin_memcmp(a, b, 16) == 0; }
void *on_stack(unsigned long n, void (*use)(void *)) { char *p = __builtin_alloca(n); use(p); return p; }
