// SPDX-License-Identifier: Apache-2.0
// Switches, copies of structs of every small size, bit-fields, packed and unaligned members, calls with many arguments.
typedef long i64;

#define COPY(n) struct bytes##n { char b[n]; }; struct bytes##n copy_##n(const struct bytes##n *p) { return *p; } \
  void assign_##n(struct bytes##n *a, const struct bytes##n *b) { *a = *b; } void zero_##n(struct bytes##n *a) { *a = (struct bytes##n){{0}}; } \
  int pass_##n(struct bytes##n a, int (*f)(struct bytes##n, int)) { return f(a, 1); }
COPY(1) COPY(2) COPY(3) COPY(4) COPY(5) COPY(7) COPY(8) COPY(9) COPY(12) COPY(15) COPY(16) COPY(17) COPY(24) COPY(31) COPY(32) COPY(40)
COPY(48) COPY(63) COPY(64) COPY(100) COPY(256) COPY(4096)

struct fields { unsigned a : 1; unsigned b : 3; int c : 7; unsigned d : 21; i64 e : 40; unsigned long f : 24; signed char g : 5; unsigned h : 32; };
#define FIELD(x) i64 get_##x(const struct fields *p) { return p->x; } void set_##x(struct fields *p, i64 v) { p->x = v; } \
  void add_##x(struct fields *p) { p->x++; } int is_##x(const struct fields *p) { return p->x == 3; }
FIELD(a) FIELD(b) FIELD(c) FIELD(d) FIELD(e) FIELD(f) FIELD(g) FIELD(h)

struct __attribute__((packed)) unaligned { char a; short b; int c; long d; char e; __int128 f; };
long packed(struct unaligned *p) { p->b++; p->c--; p->d ^= p->c; p->f += p->d; return p->b + p->c + p->d; }

int dense(int x) {
  switch (x) { case 0: return 7; case 1: return 12; case 2: return 5; case 3: return 91; case 4: return 2; case 5: return 17; case 6: return 1; case 7: return 33; default: return -1; }
}
int sparse(unsigned x) {
  switch (x) { case 3: return 1; case 500: return 2; case 70000: return 3; case 0x80000000: return 4; case 0xfffffff0: return 5; default: return 0; }
}
void jump(int x, void (*a)(int), void (*b)(int)) {
  switch (x) { case 10: a(1); break; case 11: b(2); break; case 12: a(3); case 13: b(4); break; case 14: a(5); break; case 15: b(6); break; case 16: a(8); break; case 17: b(x); break; }
}
long many(long a, int b, char c, short d, long e, long f, long g, long h, long i, int j, char k, __int128 l) { return a + b + c + d + e + f + g + h + i + j + k + (long)l; }
long call_many(long x) { return many(x, 1, 2, 3, 4, 5, 6, 7, x, 9, 10, 11) + many(x + 1, x, x, x, x, x, x, x, x, x, x, x); }
long big_frame(void (*use)(char *)) { char space[70000]; use(space); return space[69999]; }
long medium_frame(void (*use)(long *)) { long space[1000]; use(space); return space[999]; }
extern int far_object, far_table[];
extern void far_function(int);
int globals(int i) { far_object = i; far_function(far_table[i]); return far_table[17]; }
static int state[8];
int locals(int i) { static int count; state[i & 7] = ++count; return state[3]; }
long recursive(long n) { return n < 2 ? n : recursive(n - 1) + recursive(n - 2); }
void *goto_table(int i) { static void *const table[] = {&&one, &&two, &&three}; goto *table[i]; one: return &far_object; two: return far_table; three: return 0; }
