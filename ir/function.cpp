// SPDX-License-Identifier: Apache-2.0
// Inlining: copies a callee's graph into the caller in place of a call node.
#include "ir/function.hpp"

#include <set>

#include "ir/build.hpp"
#include "ir/node_terms.hpp"

namespace ir {

namespace {

using Rename = Substitution;

Node renamed(const Node& node, const Rename& rename) {
  auto in = [&](Term term) { return term ? substitute(term, rename) : term; };
  auto slots = [&](std::vector<AbiSlot> list) {
    for (AbiSlot& slot : list) slot.term = in(slot.term);
    return list;
  };
  Node result = node;
  if (auto* basic = std::get_if<Basic>(&result)) {
    for (Binding& binding : basic->assignments) binding = {in(binding.variable), in(binding.value)};
  } else if (auto* load = std::get_if<Load>(&result)) {
    load->result = in(load->result);
    load->address = in(load->address);
  } else if (auto* store = std::get_if<Store>(&result)) {
    store->address = in(store->address);
    store->value = in(store->value);
  } else if (auto* cond = std::get_if<Cond>(&result)) {
    cond->condition = in(cond->condition);
  } else if (auto* call = std::get_if<Call>(&result)) {
    call->target = in(call->target);
    call->arguments = slots(call->arguments);
    call->results = slots(call->results);
  } else if (auto* effect = std::get_if<Effect>(&result)) {
    for (Term& operand : effect->operands) operand = in(operand);
    effect->result = in(effect->result);
  } else if (auto* claim = std::get_if<Assert>(&result)) {
    claim->condition = in(claim->condition);
  } else if (auto* choice = std::get_if<Choice>(&result)) {
    choice->variable = in(choice->variable);
  } else if (auto* touch = std::get_if<Touch>(&result)) {
    touch->address = in(touch->address);
  } else if (auto* lifetime = std::get_if<Lifetime>(&result)) {
    lifetime->object = in(lifetime->object);
  } else if (auto* back = std::get_if<Return>(&result)) {
    for (Term& value : back->values) value = in(value);
  }
  return result;
}

/// Copies the reachable nodes and their edges; Return nodes are left without successors.
std::map<Graph::NodeId, Graph::NodeId> copy_into(Graph& caller, const Graph& callee, const Rename& rename) {
  std::map<Graph::NodeId, Graph::NodeId> copies;
  const auto order = reverse_post_order(callee);
  for (Graph::NodeId node : order) {
    const NodeData& data = callee.at(node);
    copies.emplace(node, caller.add(rename.empty() ? data.node : renamed(data.node, rename), data.where, data.address));
  }
  for (Graph::NodeId node : order) {
    const auto next = callee.successors(node);
    for (unsigned index = 0; index < next.size(); ++index) {
      if (next[index] != Graph::none) caller.connect(copies.at(node), copies.at(next[index]), index);
    }
  }
  return copies;
}

void collect_variables(const Node& node, std::set<std::string>& names, std::vector<Term>& variables) {
  for_each_term(node, [&](Term term) {
    if (!term) return;
    for (Term variable : variables_of(term)) {
      if (!variable.name().starts_with("@") && names.insert(variable.name()).second) variables.push_back(variable);
    }
  });
}

std::string suffixed(const std::string& name, std::size_t number) { return name + "~" + std::to_string(number); }

}  // namespace

void inline_source_call(Function& caller, Graph::NodeId call_node, const Function& callee) {
  const NodeData call_data = caller.graph.at(call_node);
  const Call call = std::get<Call>(call_data.node);
  IR_ASSERT(call.arguments.size() == callee.parameters.size());
  // The caller's node count is different at each inlining: names stay unique and deterministic.
  const std::size_t number = caller.graph.size();
  std::set<std::string> names;
  std::vector<Term> variables;
  for (const AbiSlot& slot : callee.parameters) {
    if (names.insert(slot.term.name()).second) variables.push_back(slot.term);
  }
  for (Graph::NodeId node : reverse_post_order(callee.graph)) collect_variables(callee.graph.at(node).node, names, variables);
  Rename rename;
  for (Term variable : variables) rename.emplace(variable, var(suffixed(variable.name(), number), variable.sort()));
  for (LocalObject local : callee.locals) {
    const std::string name = suffixed(local.base.name(), number);
    rename.emplace(local.base, var(name, local.base.sort()));
    local.base = rename.at(local.base);
    caller.locals.push_back(std::move(local));
  }

  caller.assumes_no_alias |= callee.assumes_no_alias;
  const auto copies = copy_into(caller.graph, callee.graph, rename);
  Basic bind;
  for (std::size_t i = 0; i < callee.parameters.size(); ++i) {
    const AbiSlot& parameter = callee.parameters[i];
    IR_ASSERT(call.arguments[i].place == parameter.place);
    bind.assignments.push_back({rename.at(parameter.term), call.arguments[i].term});
  }
  const auto after = caller.graph.successors(call_node);
  for (Graph::NodeId node : reverse_post_order(callee.graph)) {
    const auto* back = std::get_if<Return>(&callee.graph.at(node).node);
    if (!back) continue;
    const Graph::NodeId copy = copies.at(node);
    if (after.empty() || after[0] == Graph::none) {
      caller.graph.at(copy).node = Unreachable{"return from a function declared noreturn"};
      continue;
    }
    Basic results;
    for (const AbiSlot& result : call.results) {
      for (std::size_t i = 0; i < callee.results.size(); ++i) {
        if (callee.results[i].place == result.place) {
          results.assignments.push_back({result.term, std::get<Return>(caller.graph.at(copy).node).values[i]});
        }
      }
    }
    caller.graph.at(copy).node = std::move(results);
    caller.graph.connect(copy, after[0]);
  }
  for (unsigned index = 0; index < after.size(); ++index) caller.graph.disconnect(call_node, index);
  caller.graph.at(call_node).node = std::move(bind);
  caller.graph.connect(call_node, copies.at(callee.graph.entry()));
}

namespace {

/// A branch to another function, as the binary lifter writes it: a call, then a return of X30.
bool is_tail_call(const Graph& graph, Graph::NodeId node) {
  const auto next = graph.successors(node);
  if (!std::holds_alternative<Call>(graph.at(node).node) || next.empty() || next[0] == Graph::none) return false;
  const auto* back = std::get_if<Return>(&graph.at(next[0]).node);
  return back != nullptr && back->values.at(0) == var("X30", Sort::bitvec(64));
}

}  // namespace

void inline_binary_call(Function& caller, Graph::NodeId call_node, const Function& callee) {
  const std::uint64_t link = caller.graph.at(call_node).address + 4;
  const auto after = caller.graph.successors(call_node);
  const bool tail = after.empty() || after[0] == Graph::none ||
                    std::holds_alternative<Return>(caller.graph.at(after[0]).node);
  const auto copies = copy_into(caller.graph, callee.graph, {});
  for (Graph::NodeId node : reverse_post_order(callee.graph)) {
    const auto* back = std::get_if<Return>(&callee.graph.at(node).node);
    if (!back || tail) continue;
    const Graph::NodeId copy = copies.at(node);
    const Term target = back->values.at(0);
    caller.graph.at(copy).node = Cond{eq(target, bv(link, 64))};
    const Graph::NodeId astray = caller.graph.add(Unreachable{"return address of an inlined call"}, {}, callee.graph.at(node).address);
    caller.graph.connect(copy, after[0], 0);
    caller.graph.connect(copy, astray, 1);
  }
  // A tail call in the callee returns to the caller: it is a call from where the callee was called, as its link register says.
  for (Graph::NodeId node : reverse_post_order(callee.graph)) {
    if (tail || !is_tail_call(callee.graph, node)) continue;
    const Graph::NodeId copy = copies.at(node);
    caller.graph.at(copy).address = link - 4;
    caller.graph.disconnect(copy, 0);
    caller.graph.connect(copy, after[0], 0);
  }
  for (unsigned index = 0; index < after.size(); ++index) caller.graph.disconnect(call_node, index);
  caller.graph.at(call_node).node = Basic{};
  caller.graph.connect(call_node, copies.at(callee.graph.entry()));
}

}  // namespace ir
