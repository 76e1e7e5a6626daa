// SPDX-License-Identifier: Apache-2.0
// A helper that is outside of the subset and that the compiler inlined: its caller's code does what nobody can look up.
void use(char *p);
static inline unsigned long room(char *p) { return __builtin_object_size(p, 0); }
unsigned long with_helper(void) {
  char text[16];
  use(text);
  return room(text);
}
unsigned without(unsigned x) { return x + 1; }
