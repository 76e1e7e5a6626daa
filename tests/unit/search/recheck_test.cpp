// SPDX-License-Identifier: Apache-2.0
// Certificates: a true one proves again, and no change of one proves a wrong binary.
#include "validator/check/certificate_text.hpp"

#include <gtest/gtest.h>

#include <random>

#include "ir/text.hpp"
#include "pair_builder.hpp"
#include "validator/check/recheck.hpp"

namespace {

using namespace testing_pairs;
using validator::Outcome;
using validator::Verdict;

const Term x0 = bits64("X0"), x1 = bits64("X1"), x2 = bits64("X2");

void add_call(Builder& code, std::uint64_t address) {
  ir::Call call;
  call.target = number(address);
  code.add(set(bits64("X30"), number(0x1000 + 4 * (code.function.graph.size() + 1) + 4)));
  code.add(call);
}

/// for (i = 0; i < n; i++) g(i) on both sides; the binary passes `argument` of its counter.
TestPair counts_calls(Term argument) {
  TestPair pair;
  pair.callee("g", 0x9000);
  const Term i = bits64("i.1"), n = bits64("n.2"), x19 = bits64("X19"), x20 = bits64("X20"), x30 = bits64("X30"),
             sp = bits64("SP");
  pair.source.function.parameters = {in_register(0, n)};
  pair.source.add(set(i, number(0)));
  const auto test = pair.source.add(ir::Cond{ir::ult(i, n)});
  pair.source.continue_from(test, 0);
  ir::Call call;
  call.symbol = "g";
  call.arguments = {in_register(0, i)};
  pair.source.add(call);
  pair.source.add(set(i, ir::add(i, number(1))));
  pair.source.jump(test);
  pair.source.continue_from(test, 1);
  pair.source.add(ir::Return{});

  Builder& code = pair.binary;
  code.add(set(sp, ir::sub(sp, number(32))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), x19));
  code.add(store(ir::add(sp, number(16)), x20));
  code.add(set(x19, number(0)));
  code.add(set(x20, x0));
  const auto head = code.add(ir::Cond{ir::ult(x19, x20)});
  code.continue_from(head, 0);
  code.add(set(x0, argument));
  add_call(code, 0x9000);
  code.add(set(x19, ir::add(x19, number(1))));
  code.jump(head);
  code.continue_from(head, 1);
  code.add(load(x30, sp));
  code.add(load(x19, ir::add(sp, number(8))));
  code.add(load(x20, ir::add(sp, number(16))));
  code.add(set(sp, ir::add(sp, number(32))));
  code.add(return_to_caller());
  return pair;
}

Outcome recheck(TestPair& pair, const std::string& certificate) {
  return validator::check::recheck({pair.others_source, pair.others_binary, pair.image, "f", {}, {}}, certificate);
}

/// The same with as few units as the right pairs here need.
Outcome recheck_briefly(TestPair& pair, const std::string& certificate) {
  validator::Limits limits;
  limits.query_units = 50'000;
  limits.function_units = 100'000;
  return validator::check::recheck({pair.others_source, pair.others_binary, pair.image, "f", limits, {}}, certificate);
}

TEST(Recheck, a_found_proof_proves_again_and_only_its_own_function) {
  TestPair right = counts_calls(bits64("X19"));
  const Outcome found = right.prove();
  ASSERT_EQ(found.verdict, Verdict::proved) << found.text;
  ASSERT_FALSE(found.certificate.empty());
  const Outcome again = recheck(right, found.certificate);
  EXPECT_EQ(again.verdict, Verdict::proved) << again.reason << ": " << again.text;
  EXPECT_EQ(again.obligations > 0, true);
  EXPECT_EQ(again.assumptions, found.assumptions);

  TestPair wrong = counts_calls(ir::add(bits64("X19"), number(1)));
  EXPECT_NE(wrong.prove().verdict, Verdict::proved);
  EXPECT_NE(recheck(wrong, found.certificate).verdict, Verdict::proved);
  std::string other = found.certificate;
  other.replace(other.find("function f"), 10, "function h");
  EXPECT_EQ(recheck(right, other).reason, "certificate-invalid");
}

TEST(Recheck, no_mutilated_certificate_proves_a_wrong_binary) {
  TestPair right = counts_calls(bits64("X19"));
  const std::string good = right.prove().certificate;
  TestPair wrong = counts_calls(ir::add(bits64("X19"), number(1)));
  static_cast<void>(wrong.prove());
  std::mt19937 random(1);
  unsigned read = 0;
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < good.size();) {
    const std::size_t end = good.find('\n', at);
    lines.push_back(good.substr(at, end + 1 - at));
    at = end + 1;
  }
  const auto tried = [&](const std::string& text) {
    read += static_cast<bool>(validator::check::read_certificate(text, ""));
    EXPECT_NE(recheck(wrong, text).verdict, Verdict::proved) << text;
  };
  for (std::size_t i = 0; i < lines.size(); ++i) {  // each line left out, each line twice
    std::string without, twice;
    for (std::size_t j = 0; j < lines.size(); ++j) {
      if (j != i) without += lines[j];
      twice += j == i ? lines[j] + lines[j] : lines[j];
    }
    tried(without);
    tried(twice);
  }
  for (int round = 0; round < 150; ++round) {  // one character changed
    std::string text = good;
    const char letters[] = "0123456789abcX@#().: \n-";
    text[random() % text.size()] = letters[random() % (sizeof letters - 1)];
    tried(text);
  }
  EXPECT_GT(read, 20U) << "the mutations never get past the reader";
}

/// An invariant that contradicts itself would make everything provable: it has to hold on arrival first.
TEST(Recheck, an_invariant_is_proved_before_it_is_used) {
  TestPair right = counts_calls(bits64("X19"));
  const std::string good = right.prove().certificate;
  TestPair wrong = counts_calls(ir::add(bits64("X19"), number(1)));
  static_cast<void>(wrong.prove());
  for (const char* invariant : {"invariant false", "invariant (ult X0:64 0x1:64)", "invariant (not at@0:bool)"}) {
    std::string text = good;
    text.insert(text.rfind("end\n"), std::string(invariant) + "\n");
    ASSERT_TRUE(validator::check::read_certificate(text, "")) << text;
    EXPECT_NE(recheck(wrong, text).verdict, Verdict::proved) << invariant;
  }
}

/// x = 0; for (i = 0; i < n; i++) { r = g(i); if (i != 0) h(r); } — a wrong binary gives h the answer of the iteration
/// before.
TestPair uses_answers(bool stale) {
  TestPair pair;
  pair.callee("g", 0x9000);
  pair.callee("h", 0x9100);
  const Term i = bits64("i.1"), n = bits64("n.2"), r = bits64("r.3");
  const Term x19 = bits64("X19"), x20 = bits64("X20"), x21 = bits64("X21"), x30 = bits64("X30"), sp = bits64("SP");
  pair.source.function.parameters = {in_register(0, n)};
  pair.source.add(set(i, number(0)));
  const auto test = pair.source.add(ir::Cond{ir::ult(i, n)});
  pair.source.continue_from(test, 0);
  ir::Call g;
  g.symbol = "g";
  g.arguments = {in_register(0, i)};
  g.results = {in_register(0, r)};
  pair.source.add(g);
  const auto first = pair.source.add(ir::Cond{ir::eq(i, number(0))});
  pair.source.continue_from(first, 1);
  ir::Call h;
  h.symbol = "h";
  h.arguments = {in_register(0, r)};
  pair.source.add(h);
  const auto step = pair.source.add(set(i, ir::add(i, number(1))));
  pair.source.jump(test);
  pair.source.branch(first, 0, step);
  pair.source.continue_from(test, 1);
  pair.source.add(ir::Return{});

  Builder& code = pair.binary;
  code.add(set(sp, ir::sub(sp, number(48))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), x19));
  code.add(store(ir::add(sp, number(16)), x20));
  code.add(store(ir::add(sp, number(24)), x21));
  code.add(set(x19, number(0)));
  code.add(set(x20, x0));
  code.add(set(x21, number(0)));
  const auto head = code.add(ir::Cond{ir::ult(x19, x20)});
  code.continue_from(head, 0);
  code.add(set(x0, x19));
  add_call(code, 0x9000);
  if (stale) code.add(ir::Basic{{{x21, x0}, {x0, x21}}});  // h gets the old one, the new one is kept
  const auto test_first = code.add(ir::Cond{ir::eq(x19, number(0))});
  code.continue_from(test_first, 1);
  add_call(code, 0x9100);
  const auto next = code.add(set(x19, ir::add(x19, number(1))));
  code.jump(head);
  code.branch(test_first, 0, next);
  code.continue_from(head, 1);
  code.add(load(x30, sp));
  code.add(load(x19, ir::add(sp, number(8))));
  code.add(load(x20, ir::add(sp, number(16))));
  code.add(load(x21, ir::add(sp, number(24))));
  code.add(set(sp, ir::add(sp, number(48))));
  code.add(return_to_caller());
  return pair;
}

/// The relation below holds at the loop's entry, and at the back edge for the answer of *this* iteration; read as one
/// about the next iteration's answer it would prove the wrong binary.
TEST(Recheck, a_relation_to_what_each_iteration_makes_anew_is_refused) {
  TestPair right = uses_answers(false);
  const Outcome found = right.prove();
  ASSERT_EQ(found.verdict, Verdict::proved) << found.reason << ": " << found.text;
  TestPair wrong = uses_answers(true);
  EXPECT_NE(wrong.prove().verdict, Verdict::proved);
  const Term i = bits64("i.1@0"), answer = bits64("result:0.0:64");
  const Term relation = ir::ite(ir::eq(i, number(0)), number(0), answer);
  std::string text = found.certificate;
  const std::size_t at = text.find("binary ");
  text.insert(at, "binary X21\n");
  text.insert(text.rfind("end\n"), "relation X21 0 0 " + ir::print(relation) + "\n");
  const Outcome outcome = recheck(wrong, text);
  EXPECT_NE(outcome.verdict, Verdict::proved) << text;
  EXPECT_EQ(outcome.reason, "loop-relation") << outcome.text << "\n" << text;
}

/// f(a, b): *b = a == 7 ? a + 1 : a; return a + 1. The binary adds `last` on one of its paths instead of 1.
TestPair joins(std::uint64_t last, std::string* meetings = nullptr) {
  TestPair pair;
  const Term a = bits64("a.1"), b = bits64("b.2"), c = bits64("c.3"), sum = bits64("sum.4");
  pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  pair.returns(64);
  const auto computed = pair.source.add(set(sum, ir::add(a, number(1))));
  const auto test = pair.source.add(ir::Cond{ir::eq(a, number(7))});
  pair.source.continue_from(test, 0);
  pair.source.add(set(c, sum));
  const auto stored = pair.source.add(store(b, c));
  pair.source.continue_from(test, 1);
  pair.source.add(set(c, a));
  pair.source.jump(stored);
  pair.source.continue_from(stored, 0);
  const auto returned = pair.source.add(ir::Return{{sum}});

  const Term x3 = bits64("X3");
  Builder& code = pair.binary;
  const auto head = code.add(ir::Cond{ir::eq(x0, number(7))});
  code.continue_from(head, 0);
  code.add(set(x3, ir::add(x0, number(1))));
  code.add(store(x1, number(8)));
  const auto join = code.add(set(x0, x3));
  code.continue_from(head, 1);
  code.add(store(x1, x0));
  code.add(set(x3, ir::add(x0, number(last))));
  code.jump(join);
  code.continue_from(join, 0);
  code.add(return_to_caller());
  if (meetings != nullptr) {
    *meetings = "meeting " + std::to_string(join) + "\nmeeting-path " + std::to_string(returned) + "\nmeeting-memory " +
                std::to_string(returned) + "\nmeeting-value X3 " + std::to_string(computed) + " 0\n";
  }
  return pair;
}

std::string with(const std::string& lines) { return "certificate 1\nfunction f\n" + lines + "end\n"; }

TEST(Recheck, meetings_are_read_and_proved) {
  std::string meetings;
  TestPair right = joins(1, &meetings);
  right.finish();
  const Outcome outcome = recheck(right, with(meetings));
  EXPECT_EQ(outcome.verdict, Verdict::proved) << outcome.reason << ": " << outcome.text;
  TestPair wrong = joins(2);
  wrong.finish();
  const Outcome open = recheck(wrong, with(meetings));
  EXPECT_EQ(open.reason, "not-equal");
  EXPECT_TRUE(open.text.starts_with("meeting-value X3")) << open.text;
}

/// Every meeting and every cut that could be written, at every node of either half.
TEST(Recheck, no_meeting_and_no_cut_proves_a_wrong_binary) {
  TestPair right = joins(1), wrong = joins(2);
  right.finish();
  wrong.finish();
  EXPECT_NE(recheck_briefly(wrong, with("")).verdict, Verdict::proved);
  const std::size_t source_nodes = wrong.source.function.graph.size(),
                    binary_nodes = wrong.binary.function.graph.size();
  unsigned harmless = 0;
  for (std::size_t b = 0; b <= binary_nodes; ++b) {
    for (std::size_t s = 0; s <= source_nodes; ++s) {
      const std::string at = "meeting " + std::to_string(b) + "\n", node = std::to_string(s) + "\n";
      for (const std::string& lines : {at + "meeting-path " + node, at + "meeting-memory " + node,
                                       at + "meeting-value X3 " + std::to_string(s) + " 0\n",
                                       at + "meeting-value X0 " + std::to_string(s) + " 0\n",
                                       at + "meeting-path " + node + "meeting-value X3 " + std::to_string(s) + " 0\n",
                                       "cut " + std::to_string(s) + " " + std::to_string(b) + "\n",
                                       "cut " + std::to_string(s) + " " + std::to_string(b) + "\ncount\n",
                                       "cut " + std::to_string(s) + " " + std::to_string(b) +
                                           "\nmemory\ncount\nsource sum.4\nbinary X3\nrelation X3 0 0 sum.4@0:64\n",
                                       "apart " + std::to_string(b) + "\n" + at + "meeting-path " + node}) {
        EXPECT_NE(recheck_briefly(wrong, with(lines)).verdict, Verdict::proved) << lines;
      }
      harmless += recheck_briefly(right, with(at + "meeting-memory " + node)).verdict == Verdict::proved;
    }
  }
  EXPECT_GT(harmless, 10U) << "no certificate is worth anything";
}

/// f(n): g(1); g(n); the binary adds `last` to the second argument.
TestPair calls_twice(std::uint64_t last, std::string* between) {
  TestPair pair;
  pair.callee("g", 0x9000);
  const Term n = bits64("n.1"), x19 = bits64("X19"), x30 = bits64("X30"), sp = bits64("SP");
  pair.source.function.parameters = {in_register(0, n)};
  ir::Call call;
  call.symbol = "g";
  call.arguments = {in_register(0, number(1))};
  pair.source.add(call);
  const auto ours = pair.source.add(ir::Basic{});
  const auto also_ours = pair.source.add(ir::Basic{});
  call.arguments = {in_register(0, n)};
  pair.source.add(call);
  pair.source.add(ir::Return{});

  Builder& code = pair.binary;
  code.add(set(sp, ir::sub(sp, number(16))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(8)), x19));
  code.add(set(x19, x0));
  code.add(set(x0, number(1)));
  add_call(code, 0x9000);
  const auto theirs = code.add(ir::Basic{});
  const auto also_theirs = code.add(ir::Basic{});
  code.add(set(x0, ir::add(x19, number(last))));
  add_call(code, 0x9000);
  code.add(load(x30, sp));
  code.add(load(x19, ir::add(sp, number(8))));
  code.add(set(sp, ir::add(sp, number(16))));
  code.add(return_to_caller());
  between[0] = "cut " + std::to_string(ours) + " " + std::to_string(theirs) + "\n";
  between[1] = "cut " + std::to_string(also_ours) + " " + std::to_string(also_theirs) + "\n";
  return pair;
}

/// As a fact of its cut, `this cut, or one behind it, is not reached` would prove itself, and everything behind.
TEST(Recheck, an_invariant_says_nothing_about_visits_to_come) {
  std::string cuts[2];
  TestPair right = calls_twice(0, cuts), wrong = calls_twice(1, cuts);
  right.finish();
  wrong.finish();
  EXPECT_EQ(recheck(right, with(cuts[0] + cuts[1])).verdict, Verdict::proved);
  EXPECT_EQ(recheck(right, with(cuts[0] + cuts[1] + "invariant at@0:bool\n")).verdict, Verdict::proved);
  EXPECT_NE(recheck(wrong, with(cuts[0] + cuts[1])).verdict, Verdict::proved);
  for (const std::string& lines : {cuts[0] + "invariant (not at@0:bool)\n", cuts[0] + "invariant (not at@1:bool)\n" + cuts[1],
                                   cuts[1] + "invariant (not at@0:bool)\n" + cuts[0],
                                   cuts[0] + "invariant (not (and at@1:bool (not (eq X0:64 0x0:64))))\n" + cuts[1]}) {
    const Outcome outcome = recheck(wrong, with(lines));
    EXPECT_NE(outcome.verdict, Verdict::proved) << lines;
    EXPECT_TRUE(outcome.reason == "loop-relation" || outcome.reason == "not-equal") << outcome.reason << ": " << outcome.text << "\n" << lines;
  }
}

/// for (i = 0; i < n; i++); return 0; the binary returns a narrow temporary, to which each iteration adds `step`.
TEST(Recheck, a_narrow_temporary_that_a_loop_changes_is_forgotten) {
  for (const std::uint64_t step : {0, 1}) {
    TestPair pair;
    pair.returns(32);
    const Term n = bits64("n.1"), i = bits64("i.2"), narrow = bits("t0w32", 32);
    pair.source.function.parameters = {in_register(0, n)};
    pair.source.add(set(i, number(0)));
    const auto test = pair.source.add(ir::Cond{ir::ult(i, n)});
    pair.source.continue_from(test, 0);
    pair.source.add(set(i, ir::add(i, number(1))));
    pair.source.jump(test);
    pair.source.continue_from(test, 1);
    pair.source.add(ir::Return{{number(0, 32)}});
    pair.binary.add(ir::Basic{{{x1, number(0)}, {narrow, number(0, 32)}}});
    const auto head = pair.binary.add(ir::Cond{ir::ult(x1, x0)});
    pair.binary.continue_from(head, 0);
    pair.binary.add(ir::Basic{{{x1, ir::add(x1, number(1))}, {narrow, ir::add(narrow, number(step, 32))}}});
    pair.binary.jump(head);
    pair.binary.continue_from(head, 1);
    pair.binary.add(set(x0, ir::zext(narrow, 64)));
    pair.binary.add(return_to_caller());
    pair.finish();
    const std::string cut = "cut " + std::to_string(test) + " " + std::to_string(head) +
                            "\nsource i.2\nbinary X1\nrelation X1 0 0 i.2@0:64\n";
    EXPECT_EQ(recheck(pair, with(cut)).verdict == Verdict::proved, step == 0);
    EXPECT_NE(recheck(pair, with(cut + "binary t0w32\n")).verdict, Verdict::proved);
  }
}

/// f(c, q): volatile u64 a; p = c ? &a : q; *p = 1; return *p — the wrong binary has `a` below SP, where an interrupt destroys it.
TEST(Recheck, volatile_accesses_of_a_placed_local_stay_above_sp) {
  for (const bool indexed : {false, true}) {
    for (const bool right : {true, false}) {
      TestPair pair;
      pair.returns(64);
      const Term c = bits64("c.1"), q = bits64("q.2"), base = bits64("%a.3"), r = bits64("r.4");
      pair.source.function.parameters = {in_register(0, c), in_register(1, q)};
      pair.source.function.locals = {{base, "a", 16, 8}};
      const auto chosen = [&](Term choice, Term object, Term other) {
        return indexed ? ir::add(object, ir::shl(ir::bit_and(choice, number(1)), number(3)))
                       : ir::ite(ir::eq(choice, number(0)), other, object);
      };
      ir::Store write{chosen(c, base, q), number(1), 8};
      ir::Load read{r, chosen(c, base, q), 8};
      write.is_volatile = read.is_volatile = true;
      pair.source.add(write);
      pair.source.add(read);
      pair.source.add(ir::Return{{r}});
      const Term sp = bits64("SP");
      if (right) pair.binary.add(set(sp, ir::sub(sp, number(16))));
      pair.binary.add(set(x2, chosen(x0, right ? sp : ir::sub(sp, number(16)), x1)));
      pair.binary.add(store(x2, number(1)));
      pair.binary.add(load(x0, x2));
      if (right) pair.binary.add(set(sp, ir::add(sp, number(16))));
      pair.binary.add(return_to_caller());
      pair.finish();
      const Outcome outcome = recheck(pair, with("placement %a.3 -16\n"));
      EXPECT_EQ(outcome.verdict == Verdict::proved, right && !indexed) << indexed << right << outcome.reason << ": " << outcome.text;
    }
  }
}

/// The same for an exclusive load of a local.
TEST(Recheck, exclusive_accesses_of_a_placed_local_stay_above_sp) {
  for (const bool right : {true, false}) {
    TestPair pair;
    pair.returns(32);
    const Term base = bits64("%a.1"), r = bits("r.2", 32), sp = bits64("SP"), narrow = bits("t0w32", 32);
    pair.source.function.locals = {{base, "a", 16, 8}};
    pair.source.add(ir::Effect{ir::EffectKind::exclusive_load, "", {base}, r, 4, ir::Order::plain, false});
    pair.source.add(ir::Return{{r}});
    if (right) pair.binary.add(set(sp, ir::sub(sp, number(16))));
    pair.binary.add(ir::Effect{ir::EffectKind::exclusive_load, "", {right ? sp : ir::sub(sp, number(16))}, narrow, 4, ir::Order::plain, false});
    pair.binary.add(set(x0, ir::zext(narrow, 64)));
    if (right) pair.binary.add(set(sp, ir::add(sp, number(16))));
    pair.binary.add(return_to_caller());
    pair.finish();
    const Outcome outcome = recheck(pair, with("placement %a.1 -16\n"));
    EXPECT_EQ(outcome.verdict == Verdict::proved, right) << outcome.reason << ": " << outcome.text;
  }
}

/// Changes of loops copy nodes, so they decide at most whether a proof is found.
TEST(Recheck, no_change_of_loops_proves_a_wrong_binary) {
  TestPair right = counts_calls(bits64("X19"));
  const std::string good = right.prove().certificate;
  TestPair wrong = counts_calls(ir::add(bits64("X19"), number(1)));
  wrong.finish();
  const std::size_t at = good.find("cut ");
  unsigned applied = 0;
  for (const char* kind : {"peel", "rotate", "unroll"}) {
    for (const char* half : {"source", "binary"}) {
      for (std::size_t header = 0; header <= wrong.binary.function.graph.size(); ++header) {
        for (const std::size_t n : {std::size_t{0}, std::size_t{1}, std::size_t{2}, header + 1, std::size_t{1} << 40}) {
          std::string text = good;
          text.insert(at,
                      std::string(kind) + " " + half + " " + std::to_string(header) + " " + std::to_string(n) + "\n");
          EXPECT_NE(recheck(wrong, text).verdict, Verdict::proved) << text;
          applied += recheck(right, text).reason != "certificate-invalid";
        }
      }
    }
  }
  EXPECT_GT(applied, 4U);
}

TEST(Recheck, what_has_no_proof_of_its_own_must_be_inlined) {
  TestPair right = counts_calls(bits64("X19"));
  const std::string good = right.prove().certificate;
  validator::Problem problem{right.others_source, right.others_binary, right.image, "f", {}, {}};
  problem.inline_both = {0x9000};
  EXPECT_EQ(validator::check::recheck(problem, good).reason, "certificate-invalid");
}

}  // namespace
