// SPDX-License-Identifier: Apache-2.0
// Prints what hints of pointer authentication do, and PACIA, AUTIA, ... XPACI on the operands that they might have.
#include <stdint.h>
#include <stdio.h>

typedef uint64_t u64;

#define HINTS(row) row(7) row(8) row(10) row(12) row(14) row(24) row(25) row(26) row(27) row(28) row(29) row(30) row(31)

/// X1 to X3 hold patterns before and after; X0 points to X16, X17, X30, SP, and whether a pattern or SP was changed.
#define ONE(number)                                                                                              \
  void hint_##number(u64 *state);                                                                                \
  __asm__(".text\nhint_" #number ":\n stp x29, x30, [sp, #-16]!\n mov x9, sp\n mov x1, #0x11\n mov x2, #0x22\n"    \
          "mov x3, #0x33\n ldp x16, x17, [x0]\n ldp x30, x4, [x0, #16]\n mov sp, x4\n hint #" #number "\n"       \
          "mov x5, sp\n mov sp, x9\n stp x16, x17, [x0]\n str x30, [x0, #16]\n cmp x5, x4\n"                   \
          "ccmp x1, #0x11, #0, eq\n mov x6, #0x22\n ccmp x2, x6, #0, eq\n mov x6, #0x33\n ccmp x3, x6, #0, eq\n" \
          "cset x1, ne\n str x1, [x0, #32]\n ldp x29, x30, [sp], #16\n ret");
HINTS(ONE)

#define TABLE(number) {number, hint_##number},
static const struct { unsigned number; void (*run)(u64 *); } hints[] = {HINTS(TABLE)};

static void show(const char *name, u64 value, u64 modifier, u64 result) { printf("R %s %lx %lx %lx\n", name, value, modifier, result); }

#define APPLY(name)                                                                     \
  {                                                                                     \
    u64 result = value;                                                                 \
    __asm__(name " %0, %1" : "+r"(result) : "r"(modifier));                             \
    show(name, value, modifier, result);                                                \
  }

static void results(u64 value, u64 modifier) {
  APPLY("pacia") APPLY("pacib") APPLY("autia") APPLY("autib")
  u64 stripped = value;
  __asm__("xpaci %0" : "+r"(stripped));
  show("xpaci", value, 0, stripped);
}

static u64 next(void) {
  static u64 state = 1;
  state = state * 6364136223846793005u + 1442695040888963407u;
  return state >> 16;
}

static u64 stack[1024];

int main(void) {
  for (unsigned round = 0; round < 20; round++) {
    u64 operands[4] = {next(), next() & 0x7fffffffffff, next() & 0x7fffffffffff, (u64)&stack[next() % 900 & ~1u]};
    // Every second round the pointers are signed already, for AUT and XPAC; every fourth as those hints expect it.
    if (round % 2) {
      __asm__("pacia %0, %1" : "+r"(operands[1]) : "r"(operands[0]));
      __asm__("pacia %0, %1" : "+r"(operands[2]) : "r"(round % 4 == 1 ? operands[3] : 0));
    }
    for (unsigned v = 0; v < 4; v++) {
      results(operands[v], 0);
      for (unsigned m = 0; m < 4; m++) results(operands[v], operands[m]);
    }
    for (unsigned i = 0; i < sizeof hints / sizeof *hints; i++) {
      u64 state[5] = {operands[0], operands[1], operands[2], operands[3], 0};
      hints[i].run(state);
      printf("H %u %lx %lx %lx %lx %lx %lx %lx %lx\n", hints[i].number, operands[0], operands[1], operands[2], operands[3], state[0], state[1], state[2], state[4]);
    }
  }
  return 0;
}
