// SPDX-License-Identifier: Apache-2.0
// A compound literal is an object with the lifetime of its block: its address may be passed on.
struct point {
  int x, y;
};
int norm(const struct point *p);
int norm_of(int x) { return norm(&(struct point){.y = x, .x = 3}); }
