// SPDX-License-Identifier: Apache-2.0
// Pairs of loops, each wrong in one thing.
#pragma once

#include "tests/unit/ablation/pairs.hpp"

namespace ablation {

/// Source: before; i = a; while (i != 0) { body; i = i - 1; } return result. Binary the same with X0, its step and its
/// test.
struct Loop {
  std::vector<ir::Node> source_before, source_body, binary_before, binary_body;
  Term result;  ///< of the source
  std::vector<ir::Node> binary_after;
  Term source_test = ir::eq(i, number(0)), binary_test = ir::eq(x0, number(0));
  std::uint64_t step = 1;
  Term relation = bits64("i.3@0");  ///< of X0
  std::vector<Term> invariants;
};

inline Trial loop(const Loop& shape) {
  Trial trial = function(static_cast<bool>(shape.result));
  Builder &source = trial.pair.source, &binary = trial.pair.binary;
  for (const ir::Node& node : shape.source_before) source.add(node);
  source.add(set(i, a));
  const auto source_test = source.add(ir::Cond{shape.source_test});
  source.continue_from(source_test, 1);
  for (const ir::Node& node : shape.source_body) source.add(node);
  source.add(set(i, ir::sub(i, number(1))));
  source.jump(source_test);
  source.continue_from(source_test, 0);
  source.add(shape.result ? ir::Return{{shape.result}} : ir::Return{});

  binary.add(ir::Basic{});
  for (const ir::Node& node : shape.binary_before) binary.add(node);
  const auto binary_test = binary.add(ir::Cond{shape.binary_test});
  binary.continue_from(binary_test, 1);
  for (const ir::Node& node : shape.binary_body) binary.add(node);
  binary.add(set(x0, ir::sub(x0, number(shape.step))));
  binary.jump(binary_test);
  binary.continue_from(binary_test, 0);
  for (const ir::Node& node : shape.binary_after) binary.add(node);
  binary.add(return_to_caller());

  check::Cut cut;
  cut.source_header = source_test;
  cut.binary_header = binary_test;
  cut.binary_variables = {"X0"};
  cut.source_variables = {"i.3"};
  if (shape.relation) cut.relations[{"X0", 0, 0}] = shape.relation;
  cut.invariants = shape.invariants;
  trial.certificate.cuts = {cut};
  return trial;
}

/// The loop is entered for a = 0, too: do { sev } while.
inline Trial loop_entry() {
  Trial trial = function(false);
  Builder &source = trial.pair.source, &binary = trial.pair.binary;
  source.add(set(i, a));
  const auto guard = source.add(ir::Cond{ir::eq(i, number(0))});
  source.continue_from(guard, 1);
  const auto body = source.add(wait("sev"));
  source.add(set(i, ir::sub(i, number(1))));
  const auto again = source.add(ir::Cond{ir::eq(i, number(0))});
  source.branch(again, 1, body);
  source.continue_from(again, 0);
  const auto out = source.add(ir::Return{});
  source.branch(guard, 0, out);
  binary.add(ir::Basic{});
  const auto binary_body = binary.add(wait("sev"));
  binary.add(set(x0, ir::sub(x0, number(1))));
  const auto binary_again = binary.add(ir::Cond{ir::eq(x0, number(0))});
  binary.branch(binary_again, 1, binary_body);
  binary.continue_from(binary_again, 0);
  binary.add(return_to_caller());
  check::Cut cut;
  cut.source_header = body;
  cut.binary_header = binary_body;
  cut.relations[{"X0", 0, 0}] = bits64("i.3@0");
  trial.certificate.cuts = {cut};
  return trial;
}

/// A loop that ends, against one that runs for ever.
inline Trial back_edge() {
  Loop shape;
  shape.binary_test = ir::boolean(false);
  return loop(shape);
}

inline Trial entry_count() {
  Loop shape;
  shape.source_before = {wait("sev")};
  shape.source_body = shape.binary_body = {wait("sev")};
  return loop(shape);
}

inline Trial iteration_count() {
  Loop shape;
  shape.source_body = {wait("sev"), wait("wfe")};
  shape.binary_body = {wait("sev")};
  return loop(shape);
}

inline Trial entry_memory() {
  Loop shape;
  shape.source_before = {store(b, number(7))};
  shape.source_body = {store(b, i)};
  shape.binary_body = {store(x1, x0)};
  return loop(shape);
}

inline Trial iteration_memory() {
  Loop shape;
  shape.source_body = {store(b, i)};
  shape.binary_body = {store(x1, ir::add(x0, number(1)))};
  return loop(shape);
}

inline Trial entry_relation() {
  Loop shape;
  shape.source_body = shape.binary_body = {wait("sev")};
  shape.binary_before = {set(x0, ir::add(x0, number(1)))};
  return loop(shape);
}

inline Trial iteration_relation() {
  Loop shape;
  shape.source_body = shape.binary_body = {wait("sev")};
  shape.step = 2;
  return loop(shape);
}

inline Trial entry_invariant() {
  Loop shape;
  shape.source_body = shape.binary_body = {wait("sev")};
  shape.result = b;
  shape.binary_after = {set(x0, number(5))};
  shape.invariants = {ir::eq(x1, number(5))};
  return loop(shape);
}

inline Trial iteration_invariant() {
  const Term j = bits64("j.4");
  Loop shape;
  shape.source_before = {set(j, number(0))};
  shape.source_body = {wait("sev"), set(j, number(1))};
  shape.binary_body = {wait("sev")};
  shape.result = j;
  shape.binary_after = {set(x0, number(0))};
  shape.invariants = {ir::eq(bits64("j.4@0"), number(0))};
  return loop(shape);
}


}  // namespace ablation
