// SPDX-License-Identifier: Apache-2.0
// Integer types, promotions, conversions and operators of C.
typedef unsigned long u64;
typedef unsigned u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long s64;

u64 t_promote(u64 a, u64 b, u64 c) { u8 x = a; s8 y = b; u16 z = c; return (u64)(x + y) ^ (u64)(s64)(y * z) ^ (u64)(x << 3); }
u64 t_mixed_compare(u64 a, u64 b, u64 c) { s32 x = a; u32 y = b; s64 z = c; return (x < (s32)y) | (x < y) << 1 | (z < x) << 2 | (z < y) << 3; }
u64 t_signed_add(u64 a, u64 b, u64 c) { s32 x = a, y = b; return (u64)(s64)(x + y - (s32)(c & 0xff)); }
u64 t_signed_mul(u64 a, u64 b, u64 c) { s32 x = (s16)a, y = (s16)b; return (u64)(s64)(x * y) + c; }
u64 t_divide(u64 a, u64 b, u64 c) { s32 x = a, y = (s8)b; return (u64)(s64)(x / y) * 31 + (u64)(s64)(x % y) + c / ((b & 7) + 1) + c % ((a & 15) + 1); }
u64 t_shift(u64 a, u64 b, u64 c) { s64 x = a; return (u64)(x >> (b & 63)) ^ (c << (a & 63)) ^ (u64)((s32)c >> (b & 31)) ^ ((u32)a << (c & 31)); }
u64 t_shift_ub(u64 a, u64 b, u64 c) { return (u32)a << (b & 63) | c >> (c & 127); }
u64 t_bool(u64 a, u64 b, u64 c) { _Bool p = a & 6, q = b; p |= c & 1; q = !q; return p + 2 * q + 4 * (p && q) + 8 * (p || q) + 16 * (_Bool)(a & b & c); }
u64 t_bool_count(u64 a, u64 b, u64 c) { _Bool p = a & 1; p++; _Bool q = b & 1; q--; return p | q << 1 | (c & 4); }
u64 t_enum(u64 a, u64 b, u64 c) { enum e { A = -1, B = 5, C }; enum e x = (a & 1) ? A : C; return x < 0 ? b : c + x; }
u64 t_int128(u64 a, u64 b, u64 c) { unsigned __int128 p = (unsigned __int128)a * b; p += c; p <<= (a & 31); return (u64)(p >> 64) ^ (u64)p ^ (u64)(p >> 17); }
u64 t_int128_signed(u64 a, u64 b, u64 c) { __int128 p = (__int128)(s64)a - (s64)b; return (u64)(p >> 3) ^ (u64)(p < 0) ^ (u64)(p < (__int128)(s64)c); }
u64 t_compound(u64 a, u64 b, u64 c) { u8 x = a; x += b; x *= 3; x >>= 1; s16 y = b; y ^= c; y -= x; y /= 7; u32 z = c; z %= 1000; z |= x; z &= 0xfff; z <<= 5; return x ^ (u64)(s64)y ^ z; }
u64 t_increment(u64 a, u64 b, u64 c) { u8 x = a; s8 y = b; u64 r = x++; r = r * 31 + ++x; r = r * 31 + (u64)(s64)y--; r = r * 31 + (u64)(s64)--y; r ^= c++; return r ^ --c; }
u64 t_ternary(u64 a, u64 b, u64 c) { return (a > b ? a : b) + (c & 1 ? (s32)a : (u32)b) + ((c & 2) ?: 7); }
u64 t_comma(u64 a, u64 b, u64 c) { u64 r; r = (a += 2, b ^= a, b * c); return r; }
u64 t_chain(u64 a, u64 b, u64 c) { u8 x; u32 y; u64 z; z = y = x = a + b; return z + y * 7 + x + c; }
u64 t_short_circuit(u64 a, u64 b, u64 c) { u64 n = 0; if ((a & 1) && (++n, b & 1) || (n += 5, c & 1)) n += 100; return n + (!a || !(b & 2)); }
u64 t_sizeof(u64 a, u64 b, u64 c) { int x[7]; return sizeof x + sizeof(x[0]) * a + _Alignof(long) * b + sizeof(struct { char p; long q; }) + c; }
u64 t_negate(u64 a, u64 b, u64 c) { s32 x = a; u32 y = b; s64 z = c; return (u64)(s64)-x ^ -y ^ (u64)-z ^ ~a; }
u64 t_char(u64 a, u64 b, u64 c) { char x = a; return (x < 0) + x + 'A' + (c & 1 ? '\377' : 0) + b; }
u64 t_builtins(u64 a, u64 b, u64 c) { u64 r = __builtin_popcountl(a) + 64 * __builtin_popcount(b) + __builtin_ffsl(c); r = r * 131 + (a ? __builtin_clzl(a) : 1); r = r * 131 + ((u32)b ? __builtin_ctz(b) : 3); r ^= __builtin_bswap64(a) + __builtin_bswap32(b) + __builtin_bswap16(c); return r + __builtin_parityl(a) + __builtin_clrsb((int)b); }
u64 t_clz_ub(u64 a, u64 b, u64 c) { return __builtin_clz((u32)(a & b & c & 0xff)); }
u64 t_overflow(u64 a, u64 b, u64 c) { u64 r = 0; s32 s; u32 u; u64 l; s64 m; u8 t; r |= __builtin_add_overflow((s32)a, (s32)b, &s); r |= __builtin_mul_overflow((u32)a, (u32)b, &u) << 1; r |= __builtin_sub_overflow(a, b, &l) << 2; r |= __builtin_add_overflow((s64)a, (s64)c, &m) << 3; r |= __builtin_sub_overflow((u32)a, (s32)b, &t) << 4; r |= __builtin_mul_overflow(a, c, &l) << 5; return r ^ (u64)(s64)s ^ u ^ l ^ (u64)m ^ t; }
u64 t_overflow_same(u64 a, u64 b, u64 c) { u64 r = __builtin_add_overflow(a, b, &a); r += __builtin_uaddl_overflow(b, c, &b); return a + r * 3 + b; }
u64 t_constant_p(u64 a, u64 b, u64 c) { return a + (u64)(__builtin_constant_p(3) * 2) + (u64)__builtin_expect(b > c, 0); }
u64 t_abs(u64 a, u64 b, u64 c) { return (u64)__builtin_abs((int)a) + (u64)__builtin_labs((long)b) + c; }
