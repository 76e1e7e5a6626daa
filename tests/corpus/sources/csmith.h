// SPDX-License-Identifier: Apache-2.0
// What csmith's programs include, for a freestanding compiler: types, and arithmetic that is defined for all operands. Results need
// not be those of csmith's own header; only the code matters here.
typedef signed char int8_t;
typedef unsigned char uint8_t;
typedef short int16_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned uint32_t;
typedef long int64_t;
typedef unsigned long uint64_t;
#define NULL ((void *)0)

#define SAFE static inline __attribute__((unused))
#define ARITHMETIC(T, U, s)                                                                                  \
  SAFE T safe_unary_minus_func_##T##_##s(T a) { return (T)-(U)a; }                                           \
  SAFE T safe_add_func_##T##_##s##_##s(T a, T b) { return (T)((U)a + (U)b); }                                \
  SAFE T safe_sub_func_##T##_##s##_##s(T a, T b) { return (T)((U)a - (U)b); }                                \
  SAFE T safe_mul_func_##T##_##s##_##s(T a, T b) { return (T)((uint64_t)a * (uint64_t)b); }                  \
  SAFE T safe_div_func_##T##_##s##_##s(T a, T b) { return b == 0 || (b == (T)-1 && (T)-1 < 0) ? a : (T)(a / b); } \
  SAFE T safe_mod_func_##T##_##s##_##s(T a, T b) { return b == 0 || (b == (T)-1 && (T)-1 < 0) ? a : (T)(a % b); } \
  SAFE T safe_lshift_func_##T##_##s##_s(T a, int n) { return n < 0 || n >= (int)(8 * sizeof(T)) ? a : (T)((U)a << n); } \
  SAFE T safe_lshift_func_##T##_##s##_u(T a, unsigned n) { return n >= 8 * sizeof(T) ? a : (T)((U)a << n); } \
  SAFE T safe_rshift_func_##T##_##s##_s(T a, int n) { return n < 0 || n >= (int)(8 * sizeof(T)) ? a : (T)(a >> n); } \
  SAFE T safe_rshift_func_##T##_##s##_u(T a, unsigned n) { return n >= 8 * sizeof(T) ? a : (T)(a >> n); }
ARITHMETIC(int8_t, uint8_t, s)
ARITHMETIC(uint8_t, uint8_t, u)
ARITHMETIC(int16_t, uint16_t, s)
ARITHMETIC(uint16_t, uint16_t, u)
ARITHMETIC(int32_t, uint32_t, s)
ARITHMETIC(uint32_t, uint32_t, u)
ARITHMETIC(int64_t, uint64_t, s)
ARITHMETIC(uint64_t, uint64_t, u)

/// Nothing is unused: what csmith makes static stays in the object file.
#define static
