// SPDX-License-Identifier: Apache-2.0
// For each family of obligations a wrong pair that nothing but this family keeps from being proved.
#include "tests/unit/ablation/loops.hpp"

namespace {

using namespace ablation;

const Term read = bits64("t.5"), t0 = bits64("t0");

Trial event_exists() {
  Trial trial = function(false);
  const auto test = trial.pair.source.add(ir::Cond{ir::eq(a, number(0))});
  trial.pair.source.continue_from(test, 0);
  trial.pair.source.add(wait("sev"));
  const auto join = trial.pair.source.add(ir::Return{});
  trial.pair.source.continue_from(test, 1);
  trial.pair.source.add(wait("wfe"));
  trial.pair.source.jump(join);
  trial.pair.binary.add(wait("sev"));
  trial.pair.binary.add(return_to_caller());
  return trial;
}

Trial event_memory() {
  Trial trial = function(false);
  trial.pair.source.add(store(b, number(1)));
  trial.pair.source.add(source_call({}));
  trial.pair.source.add(ir::Return{});
  tail_call(trial.pair.binary, number(g_address));
  return trial;
}

Trial call_argument() {
  Trial trial = function(false);
  trial.pair.source.add(source_call({in_register(0, ir::add(a, number(1)))}));
  trial.pair.source.add(ir::Return{});
  tail_call(trial.pair.binary, number(g_address));
  return trial;
}

Trial call_target() {
  Trial trial = function(false);
  trial.pair.source.add(source_jump(a));
  trial.pair.source.add(ir::Return{});
  tail_call(trial.pair.binary, x1);
  return trial;
}

Trial effect_operand() {
  const auto write = [](Term value) {
    return ir::Effect{ir::EffectKind::sysreg_write, "TPIDR_EL1", {value}, Term(), 0, ir::Order::plain, false};
  };
  return straight({write(a)}, {write(x1)});
}

Trial volatile_memory() {
  const Term v = bits64("v.6");
  return straight({store(a, number(1)), is_volatile(load(v, a))}, {load(t0, x0), store(x0, number(1))});
}

Trial volatile_value() {
  return straight({is_volatile(store(a, number(1))), store(a, number(2))},
                  {store(x0, number(3)), store(x0, number(2))});
}

Trial event_count() { return straight({wait("sev")}, {}); }

Trial end_reached() {
  Trial trial = function(false);
  const auto test = trial.pair.source.add(ir::Cond{ir::eq(a, number(0))});
  trial.pair.source.continue_from(test, 0);
  trial.pair.source.add(ir::Return{});
  trial.pair.source.continue_from(test, 1);
  trial.pair.source.add(source_call({}, false));
  trial.pair.binary.add(return_to_caller());
  return trial;
}

Trial no_such_end() {
  Trial trial = function(false);
  trial.pair.source.add(source_call({}, false));
  trial.pair.binary.add(return_to_caller());
  return trial;
}

Trial unreachable() {
  Trial trial = function(false);
  trial.pair.source.add(ir::Return{});
  const auto test = trial.pair.binary.add(ir::Cond{ir::eq(x0, number(0))});
  trial.pair.binary.continue_from(test, 0);
  trial.pair.binary.add(return_to_caller());
  trial.pair.binary.continue_from(test, 1);
  trial.pair.binary.add(ir::Unreachable{"past the end"});
  return trial;
}

Trial placement() {
  Trial trial = function(false);
  const Term x = bits64("%x.7");
  trial.pair.source.function.locals = {{x, "x", 4, 4}};
  trial.pair.source.add(store(x, ir::extract(31, 0, a)));
  trial.pair.source.add(source_call({in_register(0, x)}));
  trial.pair.source.add(ir::Return{});
  Builder& code = trial.pair.binary;
  code.add(set(sp, ir::sub(sp, number(32))));
  code.add(store(sp, x30));
  code.add(store(ir::add(sp, number(28)), ir::extract(31, 0, x0)));
  code.add(store(ir::add(sp, number(24)), number(0)));
  code.add(set(x0, ir::add(sp, number(28))));
  code.add(set(x30, number(0x1000 + 4 * (code.function.graph.size() + 2))));
  ir::Call call;
  call.target = number(g_address);
  code.add(call);
  code.add(load(x30, sp));
  code.add(set(sp, ir::add(sp, number(32))));
  code.add(return_to_caller());
  trial.certificate.placements = {{"%x.7", -4}};
  return trial;
}

/// Does something when the condition holds; the node where the paths join.
Builder::NodeId only_if(Builder& code, Term condition, const ir::Node& then) {
  const auto test = code.add(ir::Cond{condition});
  code.continue_from(test, 0);
  code.add(then);
  const auto join = code.add(ir::Basic{});
  code.branch(test, 1, join);
  return join;
}

Trial meeting_path() {
  Trial trial = function(true);
  Builder &source = trial.pair.source, &binary = trial.pair.binary;
  const auto source_test = source.add(ir::Cond{ir::eq(a, number(0))});
  source.continue_from(source_test, 0);
  const auto only_zero = source.add(set(i, number(1)));
  const auto source_end = source.add(ir::Return{{i}});
  source.continue_from(source_test, 1);
  source.add(set(i, number(2)));
  source.jump(source_end);

  const auto binary_test = binary.add(ir::Cond{ir::logical_not(ir::eq(x1, number(0)))});
  binary.continue_from(binary_test, 1);
  const auto inner_test = binary.add(ir::Cond{ir::eq(x0, number(5))});
  binary.continue_from(inner_test, 0);
  const auto join = binary.add(set(x0, number(1)));
  const auto binary_end = binary.add(return_to_caller());
  binary.continue_from(inner_test, 1);
  binary.jump(join);
  binary.continue_from(binary_test, 0);
  binary.add(set(x0, number(2)));
  binary.jump(binary_end);
  trial.certificate.meetings[join].path = only_zero;
  return trial;
}

Trial meeting_value() {
  Trial trial = function(true);
  const auto sum = trial.pair.source.add(set(i, ir::add(a, number(1))));
  trial.pair.source.add(ir::Return{{i}});
  const auto join = only_if(trial.pair.binary, ir::eq(x1, number(0)), set(x0, ir::add(x0, number(2))));
  trial.pair.binary.add(return_to_caller());
  trial.certificate.meetings[join].values["X0"] = {sum, 0};
  return trial;
}

Trial meeting_memory() {
  Trial trial = function(false);
  trial.pair.source.add(store(b, number(1)));
  const auto stored = trial.pair.source.add(ir::Return{});
  const auto join = only_if(trial.pair.binary, ir::eq(x0, number(0)), set(x0, number(2)));
  trial.pair.binary.add(return_to_caller());
  trial.certificate.meetings[join].memory = stored;
  return trial;
}

const std::map<std::string, std::function<Trial()>> wrong_pairs{
    {"event-exists", event_exists},
    {"event-memory", event_memory},
    {"call-argument", call_argument},
    {"call-target", call_target},
    {"effect-operand", effect_operand},
    {"volatile-memory", volatile_memory},
    {"volatile-value", volatile_value},
    {"event-count", event_count},
    {"end-reached", end_reached},
    {"no-such-end", no_such_end},
    {"return-address", [] { return straight({}, {set(x30, x0)}); }},
    {"unreachable", unreachable},
    {"return-value", [] { return straight({}, {set(x0, x1)}, a); }},
    {"memory", [] { return straight({store(a, number(1))}, {store(x0, number(2))}); }},
    {"callee-saved", [] { return straight({}, {set(x19, x0)}); }},
    {"sp-restored", [] { return straight({}, {set(sp, ir::sub(sp, number(16)))}); }},
    {"loop-entry", loop_entry},
    {"loop-entry event-count", entry_count},
    {"loop-entry memory", entry_memory},
    {"loop-entry relation", entry_relation},
    {"loop-entry invariant", entry_invariant},
    {"back-edge", back_edge},
    {"back-edge event-count", iteration_count},
    {"back-edge memory", iteration_memory},
    {"back-edge relation", iteration_relation},
    {"back-edge invariant", iteration_invariant},
    {"footprint-read", [] { return straight({}, {load(t0, x0)}); }},
    {"footprint-write",
     [] {
       return straight({load(read, a)}, {load(t0, x0), store(x0, t0)});
     }},
    {"below-sp", [] { return straight({}, {store(ir::sub(sp, number(16)), x0)}); }},
    {"outside-frame", [] { return straight({}, {store(ir::add(sp, number(16)), x0)}); }},
    {"sp-moved",
     [] {
       return straight({}, {set(sp, ir::add(sp, number(16))), set(sp, ir::sub(sp, number(16)))});
     }},
    {"placement", placement},
    {"meeting-path", meeting_path},
    {"meeting-value", meeting_value},
    {"meeting-memory", meeting_memory},
};

class Obligations : public ::testing::TestWithParam<std::string> {};

TEST_P(Obligations, IsNeeded) {
  const auto wrong = wrong_pairs.find(GetParam());
  ASSERT_NE(wrong, wrong_pairs.end()) << "kinds.def has a family without a wrong pair";
  EXPECT_FALSE(ablation::holds(wrong->second(), "")) << "the wrong pair is proved";
  EXPECT_TRUE(ablation::holds(wrong->second(), GetParam())) << "something else keeps the wrong pair from being proved";
}

std::vector<std::string> families() {
  return {
#define OBLIGATION(family, text) family,
#define FACT(family, text)
#include "validator/check/kinds.def"
#undef OBLIGATION
#undef FACT
  };
}

std::string test_name(const ::testing::TestParamInfo<std::string>& info) {
  std::string name = info.param;
  for (char& c : name) c = std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  return name;
}

INSTANTIATE_TEST_SUITE_P(Each, Obligations, ::testing::ValuesIn(families()), test_name);

}  // namespace
