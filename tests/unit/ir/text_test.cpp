// SPDX-License-Identifier: Apache-2.0
// The text form: what print() writes, read_*() reads back to the same pointers; anything else is a located error.
#include "ir/text.hpp"

#include <gtest/gtest.h>

#include "ir/build.hpp"

namespace ir {
namespace {

Term x() { return var("X0", Sort::bitvec(64)); }
Term m() { return var("mem", Sort::memory()); }

TEST(Text, TermsComeBack) {
  const Term shared = add(mul(x(), x()), bv(3, 64));
  const Term odd = var("odd name\"\\:7", Sort::boolean());
  const Term args[] = {x(), bv(1, 8)};
  for (Term term : {x(), bv(~u128{0}, 128), boolean(true), shared, udiv(shared, shared), bit_xor(shared, x()),
                    ite(odd, load(m(), shared, 3), bv(5, 24)), eq(store(m(), x(), bv(7, 16)), m()),
                    apply("f", args, Sort::bitvec(9)), sext(extract(20, 3, shared), 100), logical_and(odd, ult(x(), shared)),
                    concat(clz(x()), extract(7, 0, shared)), var("dev", Sort::device())}) {
    const std::string text = print(term);
    const Result<Term> back = read_term(text, "t");
    ASSERT_TRUE(back) << text << ": " << back.error().to_string();
    EXPECT_EQ(*back, term) << text;
  }
}

TEST(Text, SharingKeepsTextShort) {
  Term term = var("s", Sort::bitvec(64));
  for (int i = 0; i < 60; ++i) term = lshr(term, bit_xor(term, bv(i, 64)));
  EXPECT_LT(print(term).size(), 20000U);
  EXPECT_EQ(*read_term(print(term), "t"), term);
}

TEST(Text, ErrorsNameThePlace) {
  const struct {
    const char* text;
    unsigned line;
    unsigned column;
  } cases[] = {{"(ult X0:64 0x1:32)", 1, 12}, {"(frob X0:64)", 1, 2},      {"(not\n  X0:64)", 2, 3},     {"(not true", 1, 1},
               {"0x100:8", 1, 1},             {"X0", 1, 1},                {"X0:129", 1, 1},            {"(extract 70 0 X0:64)", 1, 1},
               {"#1", 1, 1},                  {"(not true) x", 1, 12},     {"", 1, 1},                  {")", 1, 1},
               {"\"abc", 1, 1},               {"(load 17 mem:mem X0:64)", 1, 7}, {"(ite true X0:64 X0:32)", 1, 17}};
  for (const auto& c : cases) {
    const Result<Term> result = read_term(c.text, "file.ir");
    ASSERT_FALSE(result) << c.text;
    EXPECT_EQ(result.error().where.line, c.line) << c.text << ": " << result.error().message;
    EXPECT_EQ(result.error().where.column, c.column) << c.text << ": " << result.error().message;
    EXPECT_EQ(result.error().where.file, "file.ir");
  }
  EXPECT_FALSE(read_term(std::string(100000, '('), "deep"));
}

Function example() {
  Function f;
  f.symbol = "f";
  f.display = "f(unsigned)";
  f.unit = "f.c";
  f.where = {"f.c", 3, 5};
  f.internal = true;
  f.address = 0x40000;
  f.bytes = 32;
  const Term n = var("n.0", Sort::bitvec(32));
  const Term t = var("t.1", Sort::bitvec(32));
  const Term local = var("%buf.2", Sort::bitvec(64));
  f.parameters.push_back({{AbiPlace::Kind::x_register, 0}, n});
  f.results.push_back({{AbiPlace::Kind::stack, 16}, Term()});
  f.result_bits.push_back(32);
  f.locals.push_back({local, "buf", 16, 8});
  Graph& g = f.graph;
  const auto basic = g.add(Basic{{{t, add(n, bv(1, 32))}, {n, t}}}, {"f.c", 4, 1}, 0x40000);
  const auto load = g.add(Load{t, local, 4, true, false, Order::acquire});
  const auto store = g.add(Store{local, t, 4, false, true, Order::release});
  const auto cond = g.add(Cond{ult(t, n)});
  Call call;
  call.symbol = "g";
  call.arguments.push_back({{AbiPlace::Kind::x_register, 1}, zext(t, 64)});
  call.results.push_back({{AbiPlace::Kind::x_register, 0}, n});
  const auto called = g.add(call);
  Call last;
  last.target = local;
  last.returns = false;
  const auto stop = g.add(last);
  Effect effect;
  effect.kind = EffectKind::exclusive_store;
  effect.detail = "stxr";
  effect.operands = {local, t};
  effect.result = n;
  effect.bytes = 4;
  effect.order = Order::release;
  effect.memory_clobber = true;
  const auto exclusive = g.add(effect);
  const auto check = g.add(Assert{ult(t, n), "ub-\"quoted\""});
  const auto choice = g.add(Choice{t, "padding"});
  const auto touch = g.add(Touch{local, 8});
  const auto begin = g.add(Lifetime{local, true});
  const auto end = g.add(Lifetime{local, false});
  const auto back = g.add(Return{{t}});
  const auto nowhere = g.add(Unreachable{"past the end"});
  g.set_entry(basic);
  Graph::NodeId before = basic;
  for (auto node : {load, store, exclusive, check, choice, touch, begin, end, cond}) {
    g.connect(before, node);
    before = node;
  }
  g.connect(cond, called, 0);
  g.connect(cond, stop, 1);
  g.connect(called, back);
  (void)nowhere;
  return f;
}

TEST(Text, FunctionsComeBack) {
  const Function f = example();
  ASSERT_TRUE(check_graph(f.graph));
  const std::string text = print(f);
  const Result<Function> back = read_function(text, "f.ir");
  ASSERT_TRUE(back) << text << back.error().to_string();
  EXPECT_EQ(print(*back), text);
  EXPECT_EQ(back->graph.size(), f.graph.size());
  EXPECT_TRUE(check_graph(back->graph));
  EXPECT_NE(to_dot(f.graph, "f").find("penwidth=2"), std::string::npos);
}

TEST(Text, FunctionErrors) {
  const std::string text = print(example());
  const auto broken = [&](const std::string& from, const std::string& to) {
    std::string changed = text;
    const auto at = changed.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    const Result<Function> result = read_function(changed, "f.ir");
    EXPECT_FALSE(result) << changed;
    if (!result) { EXPECT_GT(result.error().where.line, 0U); }
  };
  broken("(entry 0)", "(entry 99)");
  broken("(to 0 1)", "(to 0 99)");
  broken("(to 0 1)", "(to 1 1)");
  broken("(node 1 ", "(node 7 ");
  broken("exclusive_store", "exclusive_shop");
  broken("t.1:32", "t.1:64");
  broken("internal", "eternal");
  // Every prefix of the text is an error, and none is a crash.
  for (std::size_t length = 0; length + 2 < text.size(); length += 7)
    EXPECT_FALSE(read_function(text.substr(0, length), "f.ir")) << length;
}

}  // namespace
}  // namespace ir
