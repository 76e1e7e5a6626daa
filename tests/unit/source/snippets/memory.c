// SPDX-License-Identifier: Apache-2.0
// Pointers, arrays, structures, unions, bit-fields, initialisers of C.
typedef unsigned long u64;
typedef unsigned u32;
typedef unsigned short u16;
typedef unsigned char u8;
typedef signed char s8;
typedef int s32;

struct pair { u64 x; u32 y; };
struct small { u8 a; u16 b; u8 c; };
struct three { u64 a, b, c; };
struct nested { struct small s; union { u32 w; u8 bytes[4]; }; struct pair p[2]; };
struct bits { u32 a : 3; s32 b : 7; u32 c : 22; u64 d : 40; u8 e : 1; _Bool f : 1; u16 : 0; u16 g : 9; };
struct __attribute__((packed)) packed { u8 a; u64 b; u16 c; };
static u64 table[8] = {1, 2, 3, [5] = 50, 60};
static const u8 squares[] = {0, 1, 4, 9, 16, 25, 36, 49};
static const char *const words[] = {"zero", "one", "two", "three"};
static struct nested global = {.s = {1, 2, 3}, .w = 0x01020304, .p = {[1] = {7, 8}}};
static struct bits global_bits = {5, -3, 1000, 0x1234567890, 1, 1, 300};
static u64 *inside = &table[5];

static u64 mix(u64 h, u64 v) { return (h ^ v) * 0x100000001b3ul; }
static struct pair make_pair(u64 a, u64 b) { struct pair p = {a, (u32)b}; return p; }
static struct small make_small(u64 a, u64 b, u64 c) { return (struct small){.c = c, .a = a, .b = b}; }
static struct three make_three(u64 a, u64 b, u64 c) { struct three t; t.a = a; t.b = b; t.c = c; return t; }
static u64 take(struct small s, struct pair p, struct three t, u8 last) { t.a += s.a; return s.b + p.x + p.y + t.a * 3 + t.b * 5 + t.c * 7 + last; }
static u64 many(u64 a, u8 b, u64 c, u16 d, u64 e, u32 f, u64 g, u64 h, u8 i, struct pair p, s8 j, u64 k) { return a + b * 3 + c * 5 + d * 7 + e * 11 + f * 13 + g * 17 + h * 19 + i * 23 + p.x * 29 + p.y * 31 + (u64)(long)j * 37 + k * 41; }
static void swap(u64 *x, u64 *y) { u64 t = *x; *x = *y; *y = t; }
static u64 apply(u64 (*f)(u64, u64), u64 a, u64 b) { return f(a, b); }

u64 t_swap(u64 a, u64 b, u64 c) { swap(&a, &b); swap(&b, &c); return mix(mix(a, b), c); }
u64 t_pair(u64 a, u64 b, u64 c) { struct pair p = make_pair(a, b), q; q = p; q.x += c; return mix(q.x, p.y) + p.x; }
u64 t_small(u64 a, u64 b, u64 c) { struct small s = make_small(a, b, c); return s.a + s.b * 256ul + s.c * 65536ul * 256; }
u64 t_three(u64 a, u64 b, u64 c) { struct three t = make_three(a, b, c); t = make_three(t.c, t.a, t.b); return mix(mix(t.a, t.b), t.c) + make_three(c, b, a).b; }
u64 t_take(u64 a, u64 b, u64 c) { return take(make_small(a, b, c), make_pair(b, c), make_three(c, a, b), a); }
u64 t_many(u64 a, u64 b, u64 c) { return many(a, b, c, a, b, c, a, b, c, make_pair(a, b), c, a + b); }
u64 t_array(u64 a, u64 b, u64 c) { u64 v[4] = {a, b}; v[2 + (c & 1)] = c; u64 *p = v + 3; *p-- += 5; return mix(mix(v[0], v[1]), mix(*p, v[3])) + (u64)(p - v); }
u64 t_bounds_ub(u64 a, u64 b, u64 c) { u8 v[4] = {1, 2, 3, 4}; return v[a & 7] + b + c; }
u64 t_table(u64 a, u64 b, u64 c) { return table[a & 7] + squares[b & 7] * 100 + words[c & 3][1] + *inside + inside[1]; }
u64 t_matrix(u64 a, u64 b, u64 c) { u32 m[3][4] = {{1, 2}, {[3] = 9}}; m[a % 3][b % 4] += c; u64 h = 0; for (int i = 0; i < 3; i++) for (int j = 0; j < 4; j++) h = mix(h, m[i][j]); return h; }
u64 t_nested(u64 a, u64 b, u64 c) { struct nested n = global; n.s.b = a; n.bytes[b & 3] = c; n.p[a & 1].y = b; const struct nested *q = &n; return mix(mix(q->w, q->s.b), mix(q->p[0].y, q->p[1].x + q->s.c)); }
u64 t_union(u64 a, u64 b, u64 c) { union { u64 w; u8 b[8]; u16 h[4]; } u; u.w = a; u.b[b & 7] = c; u.h[1] ^= 0x5555; return u.w; }
u64 t_bits(u64 a, u64 b, u64 c) { struct bits x = {.a = a, .b = b, .d = c}; x.c = a ^ b; x.e = c; x.f = a & 2; x.g = b; x.b += 3; x.a++; u64 r = (x.d = b); return mix(mix(x.a, (u64)(long)x.b), mix(x.c, x.d)) + x.e * 2 + x.f * 4 + x.g + r; }
u64 t_bits_global(u64 a, u64 b, u64 c) { struct bits x = global_bits; return mix(x.a + (u64)(long)x.b, x.c) + x.d + x.e + x.f + x.g + a + b + c; }
u64 t_packed(u64 a, u64 b, u64 c) { struct packed p = {a, b, c}; p.b += p.a; u8 *q = (u8 *)&p; return mix(p.b, p.c) + q[1] + sizeof p; }
u64 t_literal(u64 a, u64 b, u64 c) { struct pair *p = &(struct pair){a, b}; p->x += c; return mix(p->x, p->y) + ((u64[]){a, b, c})[a % 3]; }
u64 t_string(u64 a, u64 b, u64 c) { char s[8] = "abc"; s[a & 7] = (char)b; u64 h = c; for (int i = 0; i < 8; i++) h = mix(h, (u8)s[i]); return h; }
u64 t_copy(u64 a, u64 b, u64 c) { u64 v[3] = {a, b, c}, w[3]; __builtin_memcpy(w, v, sizeof w); __builtin_memset(v, (int)a, 16); return mix(mix(w[0], w[2]), v[1]) + v[2]; }
u64 t_pointer(u64 a, u64 b, u64 c) { u8 v[16]; for (u32 i = 0; i < 16; i++) v[i] = (u8)(a >> (i * 4)); u8 *p = v, *e = v + 16; u64 h = b; while (p != e) h = mix(h, *p++); u16 *q = (u16 *)(void *)v; return h + q[c & 7] + (u64)(e - v) + (p > v); }
u64 t_indirect(u64 a, u64 b, u64 c) { u64 h = apply(mix, a, b); h += apply(&mix, b, c); return h; }
u64 t_struct_compare(u64 a, u64 b, u64 c) { struct pair p = make_pair(a, b); struct pair *q = c & 1 ? &p : 0; return q ? q->x : c; }
u64 t_choose(u64 a, u64 b, u64 c) { struct pair p = {a, b}, q = {b, c}; struct pair r = c & 1 ? p : q; return mix(r.x, r.y); }
u64 t_static(u64 a, u64 b, u64 c) { static u64 seed = 17; static const u16 t[] = {3, 1, 4, 1}; return seed * a + t[b & 3] + c; }
u64 t_null_ub(u64 a, u64 b, u64 c) { u64 *p = (a & 1) ? &b : 0; return *p + c; }
u64 t_align_ub(u64 a, u64 b, u64 c) { u64 v[2] = {a, b}; return *(u32 *)((u8 *)v + (c & 7)); }
