// SPDX-License-Identifier: Apache-2.0
// The contract with the prover (ir/README.md): slots, locals, volatile accesses, assertions, globals, assembly.
#include "lift.hpp"

#include <fmt/format.h>

#include "ir/build.hpp"

namespace {

using lifting::assertions;
using lifting::lift;
using lifting::nodes;
using Strings = std::vector<std::string>;

std::string slot(const ir::AbiSlot& one, unsigned bits) {
  return (one.place.kind == ir::AbiPlace::Kind::stack ? "s" : "x") + std::to_string(one.place.index) + ":" + std::to_string(bits);
}

Strings parameters(const ir::Module& module, const std::string& name) {
  Strings result;
  for (const ir::AbiSlot& one : module.functions.at(name).parameters) {
    result.push_back(slot(one, one.term.width()));
  }
  return result;
}

Strings results(const ir::Module& module, const std::string& name) {
  Strings result;
  const ir::Function& function = module.functions.at(name);
  for (std::size_t i = 0; i < function.results.size(); ++i) {
    result.push_back(slot(function.results[i], function.result_bits[i]));
  }
  return result;
}

TEST(Slots, ScalarsCarryTheirOwnWidth) {
  const ir::Module module = lift("extern \"C\" bool f(bool a, unsigned char b, short c, int d, long e, int* g, int& h) { return a; }");
  EXPECT_EQ(parameters(module, "f"), (Strings{"x0:8", "x1:8", "x2:16", "x3:32", "x4:64", "x5:64", "x6:64"}));
  EXPECT_EQ(results(module, "f"), (Strings{"x0:8"}));
}

TEST(Slots, AggregatesUpTo16BytesTakeRegistersAndOnlyTheirBytesCount) {
  const ir::Module c = lift(
      "struct A { long x; int y; }; struct B { char c[3]; }; struct C { long a, b, c; };\n"
      "struct A f(struct A a, struct B b, struct C c) { return a; }\nstruct C g(struct C c) { return c; }\n", "/t.c");
  EXPECT_EQ(parameters(c, "f"), (Strings{"x0:64", "x1:32", "x2:24", "x3:64"}));
  EXPECT_EQ(results(c, "f"), (Strings{"x0:64", "x1:32"}));
  EXPECT_EQ(parameters(c, "g"), (Strings{"x0:64", "x8:64"}));
  EXPECT_TRUE(results(c, "g").empty());
}

TEST(Slots, AnAggregateThatDoesNotFitGoesToTheStackAndSoDoesTheRest) {
  const ir::Module module = lift("struct P { long x, y; };\nlong f(long a, long b, long c, long d, long e, long g, long h, struct P p, int i) { return p.y + i; }", "/t.c");
  EXPECT_EQ(parameters(module, "f"), (Strings{"x0:64", "x1:64", "x2:64", "x3:64", "x4:64", "x5:64", "x6:64", "s0:64", "s8:64", "s16:32"}));
}

TEST(Slots, Int128StartsAtAnEvenRegister) {
  const ir::Module module = lift("long f(long a, __int128 b, long c) { return (long)b + c; }", "/t.c");
  EXPECT_EQ(parameters(module, "f"), (Strings{"x0:64", "x2:64", "x3:64", "x4:64"}));
}

TEST(Slots, EmptyClassesTakeARegisterInCppButSayNothing) {
  const ir::Module module = lift("struct E {}; extern \"C\" long f(E, long a) { return a; }");
  EXPECT_EQ(parameters(module, "f"), (Strings{"x1:64"}));
}

TEST(Slots, MembersHaveThisInX0AndConstructorsAreTheBaseVariant) {
  const ir::Module module = lift("struct S { long v; explicit S(long x); long get(long y) const; };\nS::S(long x) : v(x) {}\nlong S::get(long y) const { return v + y; }");
  EXPECT_EQ(parameters(module, "_ZN1SC2El"), (Strings{"x0:64", "x1:64"}));
  EXPECT_EQ(parameters(module, "_ZNK1S3getEl"), (Strings{"x0:64", "x1:64"}));
  EXPECT_EQ(nodes<ir::Touch>(module, "_ZNK1S3getEl").size(), 1U);
}

TEST(Locals, OnlyAddressTakenScalarsLiveInMemory) {
  const ir::Module module = lift("void use(int*); int f(int a) { int x = a; x++; return x; }\nint g(int a) { int x = a; use(&x); return x; }", "/t.c");
  EXPECT_TRUE(module.functions.at("f").locals.empty());
  ASSERT_EQ(module.functions.at("g").locals.size(), 1U);
  EXPECT_EQ(module.functions.at("g").locals[0].bytes, 4U);
  EXPECT_EQ(nodes<ir::Lifetime>(module, "g").size(), 2U);
}

TEST(Locals, EveryWayOutEndsLifetimes) {
  const ir::Module module = lift("void use(int*);\nint f(int n) { for (int i = 0; i < n; i++) { int x = i; use(&x); if (x == 3) break; if (x == 4) return 7; if (x == 5) continue; n--; } return n; }", "/t.c");
  unsigned ends = 0;
  for (const ir::Lifetime& one : nodes<ir::Lifetime>(module, "f")) {
    ends += one.begins ? 0 : 1;
  }
  EXPECT_EQ(ends, 4U);
}

TEST(Locals, UninitialisedMattersOnlyIfItIsRead) {
  const ir::Module module = lift("int f(int c) { int x; if (c) x = 1; else x = 2; return x; }\nint g(int c) { int x; if (c) x = 1; return x; }", "/t.c");
  EXPECT_TRUE(nodes<ir::Choice>(module, "f").empty());
  EXPECT_EQ(nodes<ir::Choice>(module, "g").size(), 1U);
}

TEST(Volatile, EachAccessIsOneNodeOfItsWidth) {
  const ir::Module module = lift("void f(volatile unsigned *p, volatile unsigned char *q, unsigned *r) { *q = (unsigned char)*p; *r = *r; }", "/t.c");
  const auto loads = nodes<ir::Load>(module, "f");
  const auto stores = nodes<ir::Store>(module, "f");
  ASSERT_EQ(loads.size(), 2U);
  EXPECT_TRUE(loads[0].is_volatile && loads[0].bytes == 4);
  EXPECT_FALSE(loads[1].is_volatile);
  EXPECT_TRUE(stores[0].is_volatile && stores[0].bytes == 1);
  EXPECT_FALSE(stores[1].is_volatile);
}

TEST(Assertions, SignedArithmeticUnlessItWraps) {
  const char* text = "int f(int a, int b) { return a + b; }\nunsigned g(unsigned a, unsigned b) { return a + b; }";
  EXPECT_EQ(assertions(lift(text, "/t.c"), "f"), (Strings{"ub-signed-overflow"}));
  EXPECT_EQ(assertions(lift(text, "/t.c"), "g"), (Strings{}));
  EXPECT_EQ(assertions(lift(text, "/t.c", {"-fwrapv"}), "f"), (Strings{}));
}

TEST(Assertions, AccessesAreAlignedAndNotNull) {
  const ir::Module module = lift("struct s { long a; int b; } ; struct __attribute__((packed)) p { char c; int d; };\nint f(struct s *x) { return x->b + (int)x->a; }\nint g(struct p *x) { return x->d; }\nint h(int *x) { return *(volatile int *)x; }", "/t.c");
  EXPECT_EQ(assertions(module, "f"), (Strings{"ub-null", "ub-align", "ub-signed-overflow"}));
  EXPECT_EQ(assertions(module, "g"), (Strings{"ub-null"}));
  EXPECT_EQ(assertions(lift("int f(int *x) { return *x; }", "/t.c", {"-fno-delete-null-pointer-checks"}), "f"), (Strings{"ub-align"}));
}

TEST(Assertions, DivisionShiftBoolBounds) {
  const ir::Module module = lift("unsigned f(unsigned a, unsigned b) { return a / b; }\nunsigned g(unsigned a, unsigned b) { return a << b; }\nint v[4]; int h(unsigned long i) { return v[i]; }\n_Bool *q; int k(void) { return *q; }\nunsigned l(unsigned a) { return a / 3 + (a << 4); }", "/t.c");
  EXPECT_EQ(assertions(module, "f"), (Strings{"ub-div-zero"}));
  EXPECT_EQ(assertions(module, "g"), (Strings{"ub-shift"}));
  EXPECT_EQ(assertions(module, "h"), (Strings{"ub-bounds"}));
  EXPECT_EQ(assertions(module, "k"), (Strings{"ub-null", "ub-bool"}));
  EXPECT_EQ(assertions(module, "l"), (Strings{}));
}

TEST(Assertions, PointersStayInsideTheAddressSpaceAndCopiesDoNotOverlap) {
  const ir::Module module = lift("struct s { long a, b; };\nint *f(int *p, unsigned long i) { return p + i; }\nint *g(int *p) { return p + 1; }\nvoid h(struct s *a, struct s *b) { *a = *b; }", "/t.c");
  EXPECT_EQ(assertions(module, "f"), (Strings{"ub-pointer-overflow", "ub-pointer-overflow"}));
  EXPECT_EQ(assertions(module, "g"), (Strings{"ub-pointer-overflow"}));
  const Strings h = assertions(module, "h");
  EXPECT_EQ(std::count(h.begin(), h.end(), "ub-overlap"), 1);
}

TEST(Loops, TheLanguageDecidesWhetherTheyMustEnd) {
  EXPECT_TRUE(lift("extern \"C\" void f() { for (;;) {} }").functions.at("f").finite_loops);
  const ir::Module c = lift("void f(void) { for (;;) {} }\nvoid g(unsigned n) { while (n != 3) n += 2; }\nvoid h(unsigned n) { again: if (n) goto again; }", "/t.c");
  EXPECT_FALSE(c.functions.at("f").finite_loops);
  EXPECT_TRUE(c.functions.at("g").finite_loops);
  EXPECT_FALSE(c.functions.at("h").finite_loops);
}

TEST(Calls, NoreturnHasNoSuccessorAndUndefinedEndsAreUnreachable) {
  const ir::Module module = lift("_Noreturn void die(int);\nint f(int x) { if (x) die(x); return 1; }\n_Noreturn void g(void) { }", "/t.c");
  ASSERT_EQ(nodes<ir::Call>(module, "f").size(), 1U);
  EXPECT_FALSE(nodes<ir::Call>(module, "f")[0].returns);
  EXPECT_EQ(nodes<ir::Unreachable>(module, "g").size(), 1U);
  EXPECT_FALSE(module.functions.at("g").returns);
}

TEST(Globals, BytesRelocationsAndConstness) {
  const ir::Module module = lift("static int a[3] = {1, -1}; const char *const s = \"hi\"; extern int e; int *p = &a[2]; static int unused;\nint f(void) { return a[0] + e + *p; }", "/t.c");
  const ir::GlobalObject& a = module.globals.at("@a");
  EXPECT_EQ(a.initial, (std::vector<std::uint8_t>{1, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 0}));
  EXPECT_TRUE(a.internal);
  EXPECT_FALSE(a.is_const);
  const ir::GlobalObject& s = module.globals.at("@s");
  EXPECT_TRUE(s.is_const);
  ASSERT_EQ(s.relocations.size(), 1U);
  EXPECT_EQ(module.globals.at("@" + s.relocations[0].second).initial, (std::vector<std::uint8_t>{'h', 'i', 0}));
  const ir::GlobalObject& p = module.globals.at("@p");
  ASSERT_EQ(p.relocations.size(), 1U);
  EXPECT_EQ(p.relocations[0].second, "a");
  EXPECT_EQ(p.initial[0], 8U);
  EXPECT_FALSE(module.globals.at("@e").is_definition);
  EXPECT_EQ(module.globals.count("@unused"), 0U);
}

TEST(Assembly, OneSemanticsForBothHalves) {
  const ir::Module module = lift(
      "unsigned long f(unsigned long a, unsigned b) { unsigned long r; __asm__ volatile(\"add %0, %x1, %2, lsl %3\" : \"=r\"(r) : \"r\"(a), \"r\"(a), \"i\"(3)); return r + b; }\n"
      "void g(unsigned long v) { __asm__ volatile(\"msr ttbr0_el1, %0\\n\\tisb\" :: \"r\"(v) : \"memory\"); }\n"
      "void h(void) { __asm__ volatile(\"\" ::: \"memory\"); }\n"
      "unsigned k(unsigned a) { __asm__(\"rev %w[x], %w[x]\" : [x] \"+r\"(a)); return a; }\n", "/t.c");
  const auto returned = nodes<ir::Return>(module, "f");
  ASSERT_EQ(returned.size(), 1U);
  const auto set = nodes<ir::Basic>(module, "f");
  ASSERT_FALSE(set.empty());
  const ir::Term a = module.functions.at("f").parameters[0].term;
  EXPECT_EQ(set[0].assignments[0].value, ir::add(a, ir::shl(a, ir::bv(3, 64))));
  const auto effects = nodes<ir::Effect>(module, "g");
  ASSERT_EQ(effects.size(), 2U);
  EXPECT_EQ(effects[0].kind, ir::EffectKind::sysreg_write);
  EXPECT_EQ(effects[0].operands[0], module.functions.at("g").parameters[0].term);
  EXPECT_TRUE(effects[0].memory_clobber && effects[1].memory_clobber);
  EXPECT_EQ(module.functions.at("h").graph.size(), 1U);
  const ir::Term b = module.functions.at("k").parameters[0].term;
  EXPECT_EQ(nodes<ir::Basic>(module, "k")[0].assignments[0].value, ir::byte_swap(b));
}

TEST(Order, OperandsThatSeeEachOtherAreReported) {
  const auto unordered = [](const std::string& text, const std::string& file) {
    validator::source::UnitReport report;
    validator::source::Options options;
    const auto module = validator::source::lift_text(text, file, {}, options, &report);
    EXPECT_TRUE(module && module->functions.contains("good") && module->functions.contains("open"));
    EXPECT_FALSE(report.unordered.contains("good"));
    const auto found = report.unordered.find("open");
    return found == report.unordered.end() ? std::string("nothing") : fmt::format("{}:{}", found->second.line, found->second.column);
  };
  EXPECT_EQ(unordered("int f(void), g(void);\nint good(void) { int a = f(); return a + g(); }\nint open(void) { return f() + g(); }\n", "/t.c"), "3:29");
  EXPECT_EQ(unordered("int good(int x) { x = x + 1; return x; }\nint open(int x) { return x + x++; }\n", "/t.c"), "2:28");
  EXPECT_EQ(unordered("void use(int, int); int f();\nextern \"C\" void good() { use(f(), 1); }\nextern \"C\" void open(volatile int* p) { use(f(), *p); }\n", "/t.cpp"), "3:41");
}

TEST(Atomics, OrdersThatCanBeSaid) {
  const ir::Module module = lift("int f(int *p) { return __atomic_load_n(p, __ATOMIC_ACQUIRE); }\nvoid g(int *p) { __atomic_store_n(p, 1, __ATOMIC_RELEASE); }\nint h(int *p) { return __atomic_load_n(p, __ATOMIC_SEQ_CST); }\nvoid k(void) { __atomic_thread_fence(__ATOMIC_ACQUIRE); }", "/t.c");
  EXPECT_EQ(nodes<ir::Load>(module, "f")[0].order, ir::Order::acquire);
  EXPECT_EQ(nodes<ir::Store>(module, "g")[0].order, ir::Order::release);
  EXPECT_EQ(module.failed.at("h").code, "atomic");
  EXPECT_EQ(nodes<ir::Effect>(module, "k")[0].detail, "dmb ishld");
}

}  // namespace
