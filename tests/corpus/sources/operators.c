// SPDX-License-Identifier: Apache-2.0
// Every integer operator on every width and signedness: operand in registers, immediate, memory, compared, branched on, converted.
typedef signed char i8;
typedef unsigned char u8;
typedef short i16;
typedef unsigned short u16;
typedef int i32;
typedef unsigned u32;
typedef long i64;
typedef unsigned long u64;
typedef __int128 i128;
typedef unsigned __int128 u128;

#define ALL_TYPES(M) M(i8) M(u8) M(i16) M(u16) M(i32) M(u32) M(i64) M(u64) M(i128) M(u128)

#define BINARY(T, name, op)                                              \
  T T##_##name(T a, T b) { return (T)(a op b); }                         \
  void T##_##name##_memory(T *p, const T *q) { *p = (T)(*p op *q); }     \
  void T##_##name##_volatile(volatile T *p, T b) { *p = (T)(*p op b); }  \
  T T##_##name##_1(T a) { return (T)(a op 1); }                          \
  T T##_##name##_3(T a) { return (T)(a op 3); }                          \
  T T##_##name##_7f(T a) { return (T)(a op 0x7f); }                      \
  T T##_##name##_array(const T *p, i64 n) {                              \
    T sum = 0;                                                           \
    for (i64 i = 0; i < n; i++) sum = (T)(sum + (T)(p[i] op p[n - i]));  \
    return sum;                                                          \
  }

#define WIDE_IMMEDIATE(T, name, op)                                      \
  T T##_##name##_ff0(T a) { return (T)(a op (T)0xff0); }                 \
  T T##_##name##_pattern(T a) { return (T)(a op (T)0x5555555555555555); } \
  T T##_##name##_odd(T a) { return (T)(a op (T)0x123456789abcdef1); }    \
  T T##_##name##_high(T a) { return (T)(a op (T)0xffff000000000000); }

#define SHIFT(T, name, op)                                               \
  T T##_##name(T a, u32 n) { return (T)(a op (n & (8 * sizeof(T) - 1))); } \
  T T##_##name##_1(T a) { return (T)(a op 1); }                          \
  T T##_##name##_5(T a) { return (T)(a op 5); }                          \
  T T##_##name##_add(T a, T b) { return (T)(b + (a op 3)); }             \
  T T##_##name##_sub(T a, T b) { return (T)(b - (a op 4)); }             \
  T T##_##name##_and(T a, T b) { return (T)(b & (a op 2)); }             \
  T T##_##name##_or(T a, T b) { return (T)(b | (a op 2)); }              \
  T T##_##name##_nor(T a, T b) { return (T)~(b ^ (a op 2)); }            \
  T T##_##name##_mask(T a) { return (T)((a op 3) & 0x1f); }

#define COMPARE(T, name, op)                                             \
  int T##_##name(T a, T b) { return a op b; }                            \
  int T##_##name##_0(T a) { return a op 0; }                             \
  int T##_##name##_9(T a) { return a op 9; }                             \
  T T##_##name##_select(T a, T b, T c, T d) { return a op b ? c : d; }   \
  T T##_##name##_increment(T a, T b, T c, T d) { return a op b ? c : (T)(d + 1); } \
  T T##_##name##_invert(T a, T b, T c, T d) { return a op b ? c : (T)~d; } \
  T T##_##name##_negate(T a, T b, T c, T d) { return a op b ? c : (T)-d; } \
  int T##_##name##_both(T a, T b, T c, T d) { return a op b && c op d; } \
  int T##_##name##_either(T a, T b, T c) { return a op b || c op 5; }    \
  void T##_##name##_branch(T a, T b, void (*f)(void)) { if (a op b) f(); } \
  i64 T##_##name##_loop(const T *p, T limit) {                           \
    i64 i = 0;                                                           \
    while (p[i] op limit) i++;                                           \
    return i;                                                            \
  }

#define UNARY(T)                                                         \
  T T##_not(T a) { return (T)~a; }                                       \
  T T##_negate(T a) { return (T)-a; }                                    \
  int T##_zero(T a) { return !a; }                                       \
  T T##_bic(T a, T b) { return (T)(a & ~b); }                            \
  T T##_orn(T a, T b) { return (T)(a | ~b); }                            \
  T T##_eon(T a, T b) { return (T)(a ^ ~b); }                            \
  T T##_madd(T a, T b, T c) { return (T)(a * b + c); }                   \
  T T##_msub(T a, T b, T c) { return (T)(c - a * b); }                   \
  T T##_mneg(T a, T b) { return (T)-(a * b); }                           \
  T T##_absolute(T a) { return a < 0 ? (T)-a : a; }                      \
  T T##_rotate(T a, u32 n) { return (T)(a << (n & 7) | a >> (8 * sizeof(T) - 1 - (n & 7))); } \
  T T##_extract(T a) { return (T)(a >> 2 & 7); }                         \
  T T##_insert(T a, T b) { return (T)((a & ~(T)0x3c) | ((b & 0xf) << 2)); } \
  T T##_bit(T a, u32 n) { return (T)(a >> (n & 7) & 1); }                \
  void T##_test(T a, void (*f)(void)) { if (a & 4) f(); }                \
  void T##_sign(T a, void (*f)(void)) { if (a >> (8 * sizeof(T) - 1)) f(); } \
  void T##_post(T **p, T a) { *(*p)++ = a; }                             \
  T T##_pre(T **p) { return *--*p; }                                     \
  T T##_constant(void) { return (T)0x8000123400005678; }                 \
  void T##_fill(T *p, T a, i64 n) { for (i64 i = 0; i < n; i++) p[i] = a; } \
  T T##_indexed(const T *p, i32 i, u32 j, i64 k) { return (T)(p[i] + p[j] + p[k] + p[100] + p[-1]); }

#define CONVERT(T, U) U T##_to_##U(T a) { return (U)a; } U T##_load_##U(const T *p, i32 i) { return (U)p[i]; } \
  U T##_add_##U(U a, T b) { return (U)(a + (U)b); } U T##_scaled_##U(U a, T b) { return (U)(a - ((U)b << 2)); }
#define CONVERT_ALL(T) CONVERT(T, i8) CONVERT(T, u8) CONVERT(T, i16) CONVERT(T, u16) CONVERT(T, i32) CONVERT(T, u32) \
  CONVERT(T, i64) CONVERT(T, u64) CONVERT(T, i128) CONVERT(T, u128)

#define TYPE(T)                                                                                    \
  BINARY(T, add, +) BINARY(T, sub, -) BINARY(T, mul, *) BINARY(T, and, &) BINARY(T, or, |) BINARY(T, xor, ^) \
  WIDE_IMMEDIATE(T, add, +) WIDE_IMMEDIATE(T, sub, -) WIDE_IMMEDIATE(T, and, &) WIDE_IMMEDIATE(T, or, |) WIDE_IMMEDIATE(T, xor, ^) \
  SHIFT(T, left, <<) SHIFT(T, right, >>)                                                           \
  COMPARE(T, eq, ==) COMPARE(T, ne, !=) COMPARE(T, lt, <) COMPARE(T, le, <=) COMPARE(T, gt, >) COMPARE(T, ge, >=) \
  UNARY(T) CONVERT_ALL(T)

#define DIVIDE(T) BINARY(T, div, /) BINARY(T, mod, %) T T##_div_10(T a) { return (T)(a / 10); } T T##_mod_1000(T a) { return (T)(a % 1000); } \
  T T##_div_8(T a) { return (T)(a / 8); }

ALL_TYPES(TYPE)
ALL_TYPES(DIVIDE)

i64 smull(i32 a, i32 b) { return (i64)a * b; }
i64 smaddl(i32 a, i32 b, i64 c) { return c + (i64)a * b; }
i64 smsubl(i32 a, i32 b, i64 c) { return c - (i64)a * b; }
i64 smnegl(i32 a, i32 b) { return -((i64)a * b); }
u64 umull(u32 a, u32 b) { return (u64)a * b; }
u64 umaddl(u32 a, u32 b, u64 c) { return c + (u64)a * b; }
u64 umsubl(u32 a, u32 b, u64 c) { return c - (u64)a * b; }
u64 umnegl(u32 a, u32 b) { return -((u64)a * b); }
i64 smulh(i64 a, i64 b) { return (i64)((i128)a * b >> 64); }
u64 umulh(u64 a, u64 b) { return (u64)((u128)a * b >> 64); }
