// SPDX-License-Identifier: Apache-2.0
// C functions for whole-function differential tests. Each takes a pointer to 4096 bytes and five integers, never faults
// and always ends, for any integers. Together they make compilers emit most of what kernel code needs.
#pragma once

namespace binary_test {

inline constexpr const char* corpus = R"(
typedef unsigned char u8; typedef unsigned short u16; typedef unsigned int u32; typedef unsigned long u64;
typedef signed char s8; typedef short s16; typedef int s32; typedef long s64;
#define F(name) u64 name(u8 *p, u64 a, u64 b, u64 c, u64 d, u64 e)
#define NOINLINE __attribute__((noinline))
void *memcpy(void *d, const void *s, u64 n) { for (u64 i = 0; i < n; i++) ((volatile u8 *)d)[i] = ((const u8 *)s)[i]; return d; }
void *memset(void *d, int c, u64 n) { for (u64 i = 0; i < n; i++) ((volatile u8 *)d)[i] = (u8)c; return d; }

F(f_arith) { return a * b + (c - d) * 3 + (e >> 7) - (a << 5) + (u32)b * 17u; }
F(f_div) { return (d ? a / d : 1) + (e ? b % e : 2) + c / 10 + (u64)((s64)a / 7) + (u64)((s32)b % 13) + (u32)c / 1000u; }
F(f_wide) { unsigned __int128 w = (unsigned __int128)a * b + c; return (u64)(w >> 64) ^ (u64)w ^ (u64)(((__int128)(s64)a * (s64)b) >> 64); }
F(f_narrow) { return (u64)(s8)a + (u16)b + (u64)(s16)c + (u8)(d + e) + (u64)(s32)(a + b); }
F(f_bits) { return (u64)__builtin_clzl(a | 1) + (u64)__builtin_ctzl(b | 1ul << 63) * 3 + __builtin_bswap64(c) + __builtin_bswap32((u32)d) + (e >> (a & 63)) + (e << (b & 63)) + (u64)((s64)e >> (c & 63)) + ((u32)a >> (d & 31)) + (a >> 13 | a << 51); }
F(f_fields) { struct { u32 x : 5, y : 11, z : 16; } s = {0}; s.x = a; s.y = b; s.z = c; u32 r; __builtin_memcpy(&r, &s, 4); return (r & ~0xff0u) | (d & 0xff0) | (u64)(s32)(e << 40 >> 45) << 33; }
F(f_compare) { u64 r = 0; if (a < b) r |= 1; if ((s64)a < (s64)b) r |= 2; if ((u32)a >= (u32)c) r |= 4; if ((s32)b > (s32)c) r |= 8; if (a == c || (b == d && c != e)) r |= 16; if ((a & 8) && (b & 1ul << 40)) r |= 32; return r; }
F(f_select) { u64 x = a < b ? c : d; s64 m = (s64)x < 0 ? -(s64)x : (s64)x; u32 n = (u32)a > 100 ? (u32)b + 1 : ~(u32)c; return (u64)m ^ n ^ (e ? a : -a); }
F(f_memory) { u64 i = a & 1023, j = b & 1023; p[i] = (u8)c; *(u16 *)(p + 2 * j) = (u16)d; ((u32 *)p)[i] += (u32)e; ((u64 *)p)[j & 511] ^= a; return p[j] + ((s8 *)p)[i] + ((s16 *)p)[j] + (u64)((s32 *)p)[i] + ((u64 *)p)[i & 511]; }
F(f_loop) { u64 s = 0; for (u64 i = 0; i < (a & 63); i++) s = s * 31 + p[i]; for (u64 i = (b & 31); i-- > 0;) ((u32 *)p)[i] = (u32)(s + i); return s; }
F(f_nested) { u64 s = c; for (u32 i = 0; i < (a & 7); i++) for (u32 j = i; j < (b & 7); j++) { if (p[i * 8 + j] == (u8)d) goto out; s += p[i * 8 + j] << (j & 3); } out: return s; }
F(f_sort) { u32 *q = (u32 *)p; u32 n = 2 + (a & 7); for (u32 i = 1; i < n; i++) { u32 v = q[i]; u32 j = i; while (j > 0 && q[j - 1] > v) { q[j] = q[j - 1]; j--; } q[j] = v; } return q[0] + q[n - 1]; }
F(f_gcd) { u64 x = a & 0xffff, y = b & 0xffff; while (y) { u64 t = x % y; x = y; y = t; } return x; }
F(f_copy) { struct { u64 w[5]; u8 b[3]; } s; __builtin_memcpy(&s, p + (a & 255), sizeof s); s.w[b & 3] += c; s.b[d % 3] ^= 5; __builtin_memcpy(p + 1024 + (e & 255), &s, sizeof s); return s.w[4]; }

F(f_switch) { switch (a & 15) { case 0: return b; case 1: return c + 1; case 2: p[3] = (u8)d; return 9; case 3: return d * 3; case 4: return e - b; case 5: return b & c; case 6: return b | c; case 7: return b ^ c ^ 77; case 9: return d / 3; case 10: return ~e; case 12: return b << 3; default: return 4242; } }
F(f_switch_offset) { switch ((u32)b) { case 100: return a; case 101: return c + 11; case 102: return c * 13; case 103: return d ^ 9; case 104: return d - 5; case 105: return e + 77; case 106: return e * 3; case 107: p[9] = 1; return 3; default: return 1; } }
F(f_switch_biased) { return f_switch_offset(p, a, 96 + (b & 15), c, d, e); }
F(f_switch_sparse) { switch (c & 0xffff) { case 3: return 1; case 700: return a; case 701: return b; case 40000: return d; default: return e; } }
F(f_machine) { u32 state = 0; u64 s = 0; for (u32 i = 0; i < 24; i++) { u8 x = p[i] & 7; switch (state) { case 0: state = x; s += 1; break; case 1: state = x ^ 3; s += a; break; case 2: state = (x + 1) & 7; s ^= b; break; case 3: s *= 3; state = x >> 1; break; case 4: s -= c; state = 7 - x; break; case 5: s += d; state = 0; break; case 6: p[i + 64] = (u8)s; state = x; break; case 7: s = s << 1 | 1; state = x & 5; break; } } return s + e; }
F(f_goto) { static const void *const t[] = {&&l0, &&l1, &&l2, &&l3}; u64 s = b; u32 n = 0; goto *t[a & 3]; l0: s += c; l1: s ^= d; if (++n < 4) goto *t[s & 3]; l2: s *= 5; return s; l3: s -= e; if (++n < 9) goto *t[(s >> 2) & 3]; return s; }

static u64 counter = 3; static u8 flags[16] = {1, 2, 3}; static const u32 primes[8] = {2, 3, 5, 7, 11, 13, 17, 19};
F(f_global) { counter += a; flags[b & 15] ^= (u8)c; return counter + flags[d & 15] + primes[e & 7]; }
NOINLINE u64 callee_many(u64 a, u64 b, u64 c, u64 d, u64 e, u64 f, u64 g, u64 h, u64 i, u32 j, u8 k) { return a - b + c - d + e - f + g - h + i * 3 + j + k; }
F(f_many) { return callee_many(a, b, c, d, e, a + 1, b + 2, c + 3, d + 4, (u32)e, (u8)a) + 1; }
F(f_tail) { return callee_many(e, d, c, b, a, 1, 2, 3, 4, 5, 6); }
NOINLINE u64 fib(u64 n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
F(f_recursive) { return fib(a & 7) + b; }
typedef struct { u64 x, y; } pair; typedef struct { u64 v[4]; } big;
NOINLINE pair make_pair(u64 a, u64 b) { pair r = {a + b, a ^ b}; return r; }
NOINLINE big make_big(u64 a) { big r = {{a, a * 2, a * 3, a * 5}}; return r; }
NOINLINE u64 take_big(big b, pair q) { return b.v[0] ^ b.v[3] ^ q.x ^ q.y; }
F(f_struct) { pair q = make_pair(a, b); big g = make_big(c); return take_big(g, q) + g.v[d & 3]; }
NOINLINE static u64 op_add(u64 a, u64 b) { return a + b; } NOINLINE static u64 op_sub(u64 a, u64 b) { return a - b; } NOINLINE static u64 op_mul(u64 a, u64 b) { return a * b * 3; } NOINLINE static u64 op_mix(u64 a, u64 b) { return (a >> 3) ^ b; }
static u64 (*const ops[4])(u64, u64) = {op_add, op_sub, op_mul, op_mix};
)"
    R"(
F(f_indirect) { return ops[a & 3](b, c) + 1; }
F(f_indirect_tail) { return ops[b & 3](d, e); }
F(f_local_array) { u64 t[40]; for (u32 i = 0; i < 40; i++) t[i] = a + i * b; u64 s = 0; for (u32 i = 0; i < 40; i += 3) s ^= t[(i * 7 + c) % 40]; return s + t[d % 40]; }
NOINLINE void fill(u64 *q, u32 n, u64 v) { for (u32 i = 0; i < n; i++) q[i] = v + i; }
F(f_escape) { u64 t[4]; u64 one = e; fill(t, 4, a); fill(&one, 1, b); return t[c & 3] + one; }
F(f_checked) { u64 r; u32 n; if (__builtin_add_overflow(a, b, &r)) r = 1; if (__builtin_mul_overflow((u32)c, (u32)d, &n)) n = 7; s64 t; if (__builtin_sub_overflow((s64)d, (s64)e, &t)) t = 9; return r + n + (u64)t; }
F(f_string) { u32 n = 0; while (n < 100 && p[n] != (u8)a) n++; u64 h = 5381; for (u32 i = 0; i < n; i++) h = h * 33 ^ p[i]; return h; }
F(f_crc) { u32 r = ~(u32)a; for (u32 i = 0; i < (b & 15); i++) { r ^= p[i]; for (u32 k = 0; k < 8; k++) r = r >> 1 ^ (0xedb88320u & -(r & 1)); } return ~r; }
F(f_volatile) { volatile u32 *q = (volatile u32 *)p; q[0] = (u32)a; __asm__ volatile("dsb sy" ::: "memory"); q[1] = q[0] + (u32)b; return q[1]; }
F(f_cold) { if (__builtin_expect(a == b, 0)) { p[0] = 1; p[1] = 2; fill((u64 *)(p + 64), 3, c); return d; } return e; }
)";

}  // namespace binary_test
