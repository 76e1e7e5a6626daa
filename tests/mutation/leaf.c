// SPDX-License-Identifier: Apache-2.0
// Leaf functions in the style of a kernel, for the mutation campaign: no undefined behaviour for any argument, so that a
// mutant has nothing to hide behind.
typedef unsigned int u32; typedef unsigned long u64; typedef unsigned char u8; typedef int s32;
struct cap { u64 word; u64 object; u32 rights; u8 type; };
u64 align_up(u64 x, u64 a) { return (x + a - 1) & -a; }
u32 field(u64 w) { return (u32)(w >> 12) & 0x1ff; }
u64 insert(u64 w, u64 v) { return (w & ~0x1ff000ul) | ((v & 0x1ff) << 12); }
int in_range(u64 a, u64 base, u64 size) { return a >= base && a - base < size; }
s32 clamp(s32 x, s32 lo, s32 hi) { return x < lo ? lo : x > hi ? hi : x; }
u32 rights_and(struct cap *c, u32 mask) { c->rights &= mask; return c->rights; }
void cap_copy(struct cap *d, const struct cap *s) { d->word = s->word; d->object = s->object; d->rights = s->rights; d->type = s->type; }
u64 max64(u64 a, u64 b) { return a > b ? a : b; }
u32 absolute(s32 x) { return x < 0 ? -(u32)x : (u32)x; }
u32 lowest(u32 x) { return x ? (u32)__builtin_ctz(x) : 32; }
u64 mix(u64 h, u64 v) { h ^= v; h *= 0x100000001b3ul; return h ^ (h >> 29); }
int aligned(u64 a, u64 b) { return ((a | b) & 7) == 0; }
