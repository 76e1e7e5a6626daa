// SPDX-License-Identifier: Apache-2.0
// Pairs of straight lines, and what all pairs are made of.
#pragma once

#include "tests/unit/ablation/trial.hpp"

namespace ablation {

using namespace testing_pairs;

inline const Term x0 = bits64("X0"), x1 = bits64("X1"), x19 = bits64("X19"), x30 = bits64("X30"), sp = bits64("SP");
inline const Term a = bits64("a.1"), b = bits64("b.2"), i = bits64("i.3");
inline constexpr std::uint64_t g_address = 0x9000;

inline ir::Node wait(const std::string& detail) {
  return ir::Effect{ir::EffectKind::wait, detail, {}, Term(), 0, ir::Order::plain, false};
}

inline ir::Node source_call(std::vector<ir::AbiSlot> arguments, bool returns = true) {
  ir::Call call;
  call.symbol = "g";
  call.arguments = std::move(arguments);
  call.returns = returns;
  return call;
}

inline ir::Node source_jump(Term target) {
  ir::Call call;
  call.target = target;
  return call;
}

inline ir::Node is_volatile(ir::Node node) {
  if (auto* load = std::get_if<ir::Load>(&node)) load->is_volatile = true;
  if (auto* store = std::get_if<ir::Store>(&node)) store->is_volatile = true;
  return node;
}

/// f(a, b) with a 64-bit result or none.
inline Trial function(bool result) {
  Trial trial;
  if (result) trial.pair.returns(64);
  trial.pair.source.function.parameters = {in_register(0, a), in_register(1, b)};
  trial.pair.callee("g", g_address);
  return trial;
}

/// The nodes of both sides in a row; the returns are added.
inline Trial straight(const std::vector<ir::Node>& source, const std::vector<ir::Node>& binary, Term result = Term()) {
  Trial trial = function(static_cast<bool>(result));
  for (const ir::Node& node : source) trial.pair.source.add(node);
  trial.pair.source.add(result ? ir::Return{{result}} : ir::Return{});
  for (const ir::Node& node : binary) trial.pair.binary.add(node);
  trial.pair.binary.add(return_to_caller());
  return trial;
}

/// A tail call of g, or of what a register holds.
inline void tail_call(Builder& code, Term target) {
  ir::Call call;
  call.target = target;
  code.add(call);
  code.add(return_to_caller());
}


}  // namespace ablation
