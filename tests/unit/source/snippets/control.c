// SPDX-License-Identifier: Apache-2.0
// Statements of C and GNU C.
typedef unsigned long u64;
typedef unsigned u32;
typedef unsigned char u8;

u64 t_while(u64 a, u64 b, u64 c) { u64 n = 0; while (a) { a &= a - 1; if (n == b) break; n++; if (c & 1) continue; n += 0; } return n; }
u64 t_do(u64 a, u64 b, u64 c) { u64 n = 0; do { n += a & 1; if (n > (b & 15)) continue; n ^= c; } while ((a >>= 1) != 0); return n; }
u64 t_for(u64 a, u64 b, u64 c) { u64 s = 0; for (u64 i = a & 7, j = 20; i < j; i++, j--) { if (i == (b & 7)) continue; if (s > 500) break; s += i * j + (c & 3); } return s; }
u64 t_nest(u64 a, u64 b, u64 c) { u64 s = 0; for (u32 i = 0; i < (a & 7); i++) for (u32 j = i; j < (b & 7); j++) { if (j == 5) break; s += i * j; if (s == c) return s; } return s; }
u64 t_switch(u64 a, u64 b, u64 c) { u64 r = 1; switch (a & 15) { case 0: r = b; break; case 1: case 2: r += 7; /* fall through */ case 3: r *= 3; break; case 5 ... 9: r = c; if (b & 1) break; r++; default: r += 100; case 12: r ^= 5; } return r; }
u64 t_switch_signed(u64 a, u64 b, u64 c) { switch ((int)(a % 7) - 3) { case -3: return b; case -1: return c; case 0: return 1; case 2: { u64 t = b + c; return t; } } return 9; }
u64 t_switch_declared(u64 a, u64 b, u64 c) { switch (a & 3) { int k; case 0: k = 4; return k + b; case 1: k = 5; return k * c; default: break; } return 3; }
u64 t_switch_loop(u64 a, u64 b, u64 c) { u64 r = 0; for (u32 i = 0; i < 10; i++) { switch ((a >> i) & 3) { case 0: continue; case 1: r += b; break; case 2: r ^= c; default: r++; } if (r > 1000000) break; } return r; }
u64 t_goto(u64 a, u64 b, u64 c) { u64 n = a & 31, r = 0; again: if (n == 0) goto done; r = r * 3 + (b & n); n--; if (r & 1024) goto out; goto again; out: r += c; done: return r; }
u64 t_goto_local(u64 a, u64 b, u64 c) { u64 n = 0; retry: { u64 v[2] = {a, b}; v[n & 1] += c; if (n++ < 3) goto retry; return v[0] ^ v[1]; } }
u64 t_statement_expression(u64 a, u64 b, u64 c) { u64 m = ({ u64 x = a, y = b; x > y ? x : y; }); m += ({ u64 k = c; if (c & 1) k++; c + k; }); return m; }
u64 t_generic(u64 a, u64 b, u64 c) { return _Generic((u32)a, u32: b, default: c) + __builtin_choose_expr(1, a, b); }
u64 t_unreachable(u64 a, u64 b, u64 c) { if ((a & 3) == 3) __builtin_unreachable(); return b + c; }
u64 t_recursion(u64 a, u64 b, u64 c) { return (a & 15) == 0 ? b : t_recursion((a & 15) - 1, b * 3 + c, c); }
static u64 ack(u64 m, u64 n) { return m == 0 ? n + 1 : n == 0 ? ack(m - 1, 1) : ack(m - 1, ack(m, n - 1)); }
u64 t_ackermann(u64 a, u64 b, u64 c) { return ack(a % 3, b % 4) + c; }
u64 t_dead(u64 a, u64 b, u64 c) { return a + b; a = c; while (a) a++; return a; }
u64 t_condition_effect(u64 a, u64 b, u64 c) { u64 n = a & 15, r = 0; while (n--) r += b; if ((r = r + c) > 7) r--; return r + n; }
u64 t_typeof(u64 a, u64 b, u64 c) { __typeof__(a) x = a; __auto_type y = b; return x * y + (c ? __extension__ 3 : 4); }
u64 t_volatile(u64 a, u64 b, u64 c) { volatile u32 x = (u32)a; x += (u32)b; u32 y = x; x = (u32)c; return y + x; }
u64 t_uninitialised(u64 a, u64 b, u64 c) { u64 x; u8 y; if (a & 1) x = b; else x = c; y = (u8)x; return x + y; }
u64 t_escape(u64 a, u64 b, u64 c) { u64 *p = 0, r = 0; for (int i = 0; i < 3; i++) { u64 v = a + (u64)i; if (i == 1) p = &b; else p = &v; *p += c; r += v; } return r + b; }
