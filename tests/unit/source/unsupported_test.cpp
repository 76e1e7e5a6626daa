// SPDX-License-Identifier: Apache-2.0
// What is outside the subset: the reason code, the exact place, and that the neighbour is still lifted.
#include "lift.hpp"

namespace {

using lifting::lift;

struct Case {
  const char* name;
  const char* file;
  const char* text;    ///< `bad` is refused, `good` is lifted
  const char* code;
  unsigned line;
  unsigned column;
};

std::ostream& operator<<(std::ostream& out, const Case& one) { return out << one.name; }

class Refused : public testing::TestWithParam<Case> {};

TEST_P(Refused, OnlyThatFunctionWithItsPlace) {
  const Case& one = GetParam();
  const ir::Module module = lift(one.text, one.file);
  EXPECT_EQ(module.functions.count("good"), 1U);
  EXPECT_EQ(module.functions.count("bad"), 0U);
  const auto found = module.failed.find("bad");
  ASSERT_NE(found, module.failed.end());
  EXPECT_EQ(found->second.code, one.code) << found->second.to_string();
  EXPECT_EQ(found->second.where.file, one.file);
  EXPECT_EQ(found->second.where.line, one.line) << found->second.to_string();
  EXPECT_EQ(found->second.where.column, one.column) << found->second.to_string();
}

const Case cases[] = {
    {"floating", "/t.c", "int good(int x) { return x; }\nint bad(int x) { return x * 1.5; }\n", "floating-point", 2, 25},
    {"vla", "/t.c", "int good(int n) { int v[4]; v[1] = n; return v[1]; }\nint bad(int n) {\n  int v[n]; v[1] = n; return v[1]; }\n", "vla", 3, 7},
    {"irreducible", "/t.c", "int good(int n) { again: if (n-- > 0) goto again; return n; }\nint bad(int n) { if (n & 1) goto in; while (n) { n--; in: n -= 2; } return n; }\n", "irreducible", 2, 5},
    {"computed_goto", "/t.c", "int good(int n) { goto l; l: return n; }\nint bad(int n) {\n  void *p = &&l; goto *p; l: return n; }\n", "expression", 3, 13},
    {"virtual_call", "/t.cpp", "struct A { int x; }; struct V { virtual int f(); };\nextern \"C\" int good(A* a) { return a->x; }\nextern \"C\" int bad(V* v) { return v->f(); }\n", "virtual", 3, 38},
    {"destructor", "/t.cpp", "struct A { ~A() = default; int x; }; struct D { ~D(); int x; };\nextern \"C\" int good() { A a{1}; return a.x; }\nextern \"C\" int bad() { D d{1}; return d.x; }\n", "destructor", 3, 26},
    {"throw", "/t.cpp", "extern \"C\" int good(int x) { return x; }\nextern \"C\" int bad(int x) { if (x) throw x; return x; }\n", "expression", 2, 36},
    {"lambda", "/t.cpp", "extern \"C\" int good(int x) { return x; }\nextern \"C\" int bad(int x) { auto f = [](int y) { return y; }; return f(x); }\n", "expression", 2, 38},
    {"new", "/t.cpp", "extern \"C\" int* good(int* x) { return x; }\nextern \"C\" int* bad() { return new int; }\n", "expression", 2, 32},
    {"thread_local", "/t.cpp", "thread_local int t; int u;\nextern \"C\" int good() { return u; }\nextern \"C\" int bad() { return t; }\n", "thread-local", 3, 31},
    {"dynamic_initialisation", "/t.cpp", "int f(); int a = f(); int b = 3;\nextern \"C\" int good() { return b; }\nextern \"C\" int bad() { return a; }\n", "dynamic-initialisation", 1, 14},
    {"variadic", "/t.c", "int printf(const char *, ...);\nint good(void) { return printf(\"x\", 1); }\nint bad(int n, ...) { return n; }\n", "variadic", 3, 5},
    {"volatile_struct", "/t.c", "struct s { long a, b; };\nlong good(struct s *p) { struct s t = *p; return t.a; }\nlong bad(volatile struct s *p) { struct s t = *p; return t.a; }\n", "volatile-aggregate", 3, 47},
    {"volatile_bit_field", "/t.c", "struct s { int a : 3; };\nint good(struct s *p) { return p->a; }\nint bad(volatile struct s *p) { return p->a; }\n", "volatile-bit-field", 3, 5},
    {"switch_into_block", "/t.c", "int good(int n) { switch (n) { case 1: { int k[2] = {1, 2}; return k[n & 1]; } } return 0; }\nint bad(int n) { switch (n) { case 1: { int k[2]; k[0] = 1;\n  case 2: return k[n & 1]; } } return 0; }\n", "switch", 3, 3},
    {"asm_branch", "/t.c", "long good(long x) { __asm__ volatile(\"mov %0, %0\" : \"+r\"(x)); return x; }\nvoid bad(void) { __asm__ volatile(\"b .+8\\n nop\"); }\n", "asm-branch", 2, 18},
    {"asm_undeclared_register", "/t.c", "void good(void) { __asm__ volatile(\"mov x3, #1\" ::: \"x3\"); }\nvoid bad(void) { __asm__ volatile(\"mov x3, #1\"); }\n", "asm-clobber", 2, 18},
    {"asm_reads_register", "/t.c", "long good(long y) { long x; __asm__(\"mov %0, %1\" : \"=r\"(x) : \"r\"(y)); return x; }\nlong bad(void) { long x; __asm__(\"mov %0, x5\" : \"=r\"(x)); return x; }\n", "asm-register", 2, 26},
    {"asm_effect_not_volatile", "/t.c", "long good(void) { long x; __asm__ volatile(\"mrs %0, ttbr0_el1\" : \"=r\"(x)); return x; }\nlong bad(void) { long x; __asm__(\"mrs %0, ttbr0_el1\" : \"=r\"(x)); return x; }\n", "asm-not-volatile", 2, 26},
    {"asm_call_with_registers", "/t.c", "void good(void) { __asm__ volatile(\"svc #1\" ::: \"memory\"); }\nlong bad(long n) { register long x0 __asm__(\"x0\") = n; __asm__ volatile(\"svc #0\" : \"+r\"(x0)); return x0; }\n", "asm-exception", 2, 56},
    {"asm_call_that_clobbers", "/t.c", "void good(void) { __asm__ volatile(\"hvc #1\" ::: \"memory\"); }\nvoid bad(void) { __asm__ volatile(\"hvc #0\" ::: \"x0\", \"memory\"); }\n", "asm-exception", 2, 18},
    {"asm_eret_with_register", "/t.c", "void good(long p) { __asm__ volatile(\"msr elr_el1, %0\\n eret\" :: \"r\"(p)); }\nvoid bad(long p) { __asm__ volatile(\"mov x0, %0\\n eret\" :: \"r\"(p) : \"x0\"); }\n", "asm-exception", 2, 20},
    {"asm_text", "/t.c", "void good(void) { __asm__ volatile(\"nop\"); }\nvoid bad(void) { __asm__ volatile(\"frobnicate x0\"); }\n", "asm-syntax", 2, 18},
    {"asm_vector_register", "/t.c", "void good(long *p) { __asm__ volatile(\"str xzr, [%0]\" :: \"r\"(p) : \"memory\"); }\nvoid bad(long *p) { __asm__ volatile(\"str q0, [%0]\" :: \"r\"(p) : \"memory\"); }\n", "isa-vector-register", 2, 21},
    {"asm_feature_hint", "/t.c", "void good(void) { __asm__ volatile(\"hint #34\"); }\nvoid bad(void) { __asm__ volatile(\"hint #25\" ::: \"x30\"); }\n", "isa-feature-hint", 2, 18},
    {"asm_symbol", "/t.c", "int v; int good(void) { return v; }\nvoid bad(void) { __asm__ volatile(\"adrp x1, v\" ::: \"x1\"); }\n", "asm-symbol", 2, 18},
    {"parse_error", "/t.c", "int good(int x) { return x; }\nint bad(int x) { return y; }\n", "parse-error", 2, 25},
    {"large_copy", "/t.c", "struct s { char c[64]; }; struct l { char c[8192]; };\nvoid good(struct s *a, struct s *b) { *a = *b; }\nvoid bad(struct l *a, struct l *b) { *a = *b; }\n", "large-copy", 3, 43},
    {"statement", "/t.cpp", "extern \"C\" int good(int x) { return x; }\nextern \"C\" int bad(int x) { try { return x; } catch (...) { } return 1; }\n", "statement", 2, 29},
};

INSTANTIATE_TEST_SUITE_P(All, Refused, testing::ValuesIn(cases), [](const auto& one) { return std::string(one.param.name); });

TEST(Refused, AFileThatDoesNotParseAtAllIsAnError) {
  validator::source::UnitReport report;
  const auto module = validator::source::lift_text("#include \"missing.h\"\nint f(void) { return 1; }\n", "/t.c", {}, {}, &report);
  ASSERT_FALSE(module);
  EXPECT_EQ(module.error().code, "parse-error");
  EXPECT_EQ(module.error().where.line, 1U);
  EXPECT_FALSE(report.parsed);
}

TEST(Refused, AnErrorInADeclarationLosesOnlyThatDeclaration) {
  const ir::Module module = lift("const int a __attribute__((section(\"s\"))) = 1;\nint b __attribute__((section(\"s\"))) = 2;\nint good(void) { return b; }\n", "/t.c");
  EXPECT_EQ(module.functions.count("good"), 1U);
}

}  // namespace
