// SPDX-License-Identifier: Apache-2.0
// Visits the terms that a node reads and the variables that it writes.
#pragma once

#include <variant>

#include "ir/graph.hpp"

namespace validator::check {

template <typename Visit>
void for_each_read(const ir::Node& node, Visit&& visit) {
  auto maybe = [&](ir::Term term) {
    if (term) visit(term);
  };
  if (auto* basic = std::get_if<ir::Basic>(&node)) {
    for (const ir::Binding& binding : basic->assignments) visit(binding.value);
  } else if (auto* load = std::get_if<ir::Load>(&node)) {
    visit(load->address);
  } else if (auto* store = std::get_if<ir::Store>(&node)) {
    visit(store->address);
    visit(store->value);
  } else if (auto* cond = std::get_if<ir::Cond>(&node)) {
    visit(cond->condition);
  } else if (auto* call = std::get_if<ir::Call>(&node)) {
    maybe(call->target);
    for (const ir::AbiSlot& slot : call->arguments) visit(slot.term);
  } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
    for (ir::Term operand : effect->operands) visit(operand);
  } else if (auto* claim = std::get_if<ir::Assert>(&node)) {
    visit(claim->condition);
  } else if (auto* touch = std::get_if<ir::Touch>(&node)) {
    visit(touch->address);
  } else if (auto* lifetime = std::get_if<ir::Lifetime>(&node)) {
    visit(lifetime->object);
  } else if (auto* result = std::get_if<ir::Return>(&node)) {
    for (ir::Term value : result->values) visit(value);
  }
}

template <typename Visit>
void for_each_written(const ir::Node& node, Visit&& visit) {
  if (auto* basic = std::get_if<ir::Basic>(&node)) {
    for (const ir::Binding& binding : basic->assignments) visit(binding.variable);
  } else if (auto* load = std::get_if<ir::Load>(&node)) {
    visit(load->result);
  } else if (auto* call = std::get_if<ir::Call>(&node)) {
    for (const ir::AbiSlot& slot : call->results) visit(slot.term);
  } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
    if (effect->result) visit(effect->result);
  } else if (auto* choice = std::get_if<ir::Choice>(&node)) {
    visit(choice->variable);
  }
}

}  // namespace validator::check
