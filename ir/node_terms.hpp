// SPDX-License-Identifier: Apache-2.0
// One walk over the terms of a node, for whoever needs all of them: printing, sort checks, renaming.
#pragma once

#include "ir/graph.hpp"

namespace ir {

/// Calls `visit` with every term of a node (null where an optional one is absent), in the order of printing.
template <typename Visit>
void for_each_term(const Node& node, const Visit& visit) {
  const auto slots = [&](const std::vector<AbiSlot>& list) {
    for (const AbiSlot& slot : list) visit(slot.term);
  };
  if (const auto* basic = std::get_if<Basic>(&node)) {
    for (const Binding& binding : basic->assignments) {
      visit(binding.variable);
      visit(binding.value);
    }
  } else if (const auto* load = std::get_if<Load>(&node)) {
    visit(load->result);
    visit(load->address);
  } else if (const auto* store = std::get_if<Store>(&node)) {
    visit(store->address);
    visit(store->value);
  } else if (const auto* cond = std::get_if<Cond>(&node)) {
    visit(cond->condition);
  } else if (const auto* call = std::get_if<Call>(&node)) {
    visit(call->target);
    slots(call->arguments);
    slots(call->results);
  } else if (const auto* effect = std::get_if<Effect>(&node)) {
    for (Term operand : effect->operands) visit(operand);
    visit(effect->result);
  } else if (const auto* assertion = std::get_if<Assert>(&node)) {
    visit(assertion->condition);
  } else if (const auto* choice = std::get_if<Choice>(&node)) {
    visit(choice->variable);
  } else if (const auto* touch = std::get_if<Touch>(&node)) {
    visit(touch->address);
  } else if (const auto* lifetime = std::get_if<Lifetime>(&node)) {
    visit(lifetime->object);
  } else if (const auto* ret = std::get_if<Return>(&node)) {
    for (Term value : ret->values) visit(value);
  }
}

}  // namespace ir
