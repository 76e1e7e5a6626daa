// SPDX-License-Identifier: Apache-2.0
// What a source is depends on the compiler's own macros: its name, and the architecture that its flags ask for.
#ifdef __clang__
#define STEP 1
#else
#define STEP 2
#endif
#ifdef __ARM_FEATURE_ATOMICS
#define SCALE 3
#else
#define SCALE 4
#endif
#ifdef HANDED_ON
#define START 5
#else
#define START 6
#endif
unsigned step(unsigned x) { return x + STEP; }
unsigned scale(unsigned x) { return x << SCALE; }
unsigned start(unsigned x) { return x ^ START; }
