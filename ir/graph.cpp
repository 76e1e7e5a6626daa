// SPDX-License-Identifier: Apache-2.0
// Graph structure: edges by index, depth-first order, loop headers by dominators, and the structural check.
#include "ir/graph.hpp"

#include <algorithm>
#include <unordered_map>

#include "ir/build.hpp"
#include "ir/node_terms.hpp"

namespace ir {

Graph::NodeId Graph::add(Node node, Location where, std::uint64_t address) {
  return boost::add_vertex(NodeData{std::move(node), std::move(where), address}, base_);
}

void Graph::connect(NodeId from, NodeId to, unsigned index) {
  IR_ASSERT(from < size() && to < size());
  disconnect(from, index);
  boost::add_edge(from, to, EdgeData{index}, base_);
}

void Graph::disconnect(NodeId from, unsigned index) {
  boost::remove_out_edge_if(
      from, [&](const Base::edge_descriptor& edge) { return base_[edge].index == index; }, base_);
}

std::vector<Graph::NodeId> Graph::successors(NodeId node) const {
  std::vector<NodeId> result(successor_count(at(node).node), none);
  const auto [begin, end] = boost::out_edges(node, base_);
  for (auto edge = begin; edge != end; ++edge) {
    const unsigned index = base_[*edge].index;
    if (index < result.size()) result[index] = boost::target(*edge, base_);
  }
  return result;
}

std::vector<Graph::NodeId> Graph::predecessors(NodeId node) const {
  std::vector<NodeId> result;
  const auto [begin, end] = boost::in_edges(node, base_);
  for (auto edge = begin; edge != end; ++edge) result.push_back(boost::source(*edge, base_));
  std::sort(result.begin(), result.end());
  result.erase(std::unique(result.begin(), result.end()), result.end());
  return result;
}

unsigned successor_count(const Node& node) {
  if (std::holds_alternative<Cond>(node)) return 2;
  if (std::holds_alternative<Return>(node) || std::holds_alternative<Unreachable>(node)) return 0;
  if (auto* call = std::get_if<Call>(&node)) return call->returns ? 1 : 0;
  if (auto* effect = std::get_if<Effect>(&node)) return effect->kind == EffectKind::exception_return ? 0 : 1;
  return 1;
}

std::vector<Graph::NodeId> reverse_post_order(const Graph& graph) {
  std::vector<Graph::NodeId> order;
  if (graph.entry() == Graph::none) return order;
  std::vector<char> seen(graph.size());
  struct Frame {
    Graph::NodeId node;
    std::vector<Graph::NodeId> next;
    std::size_t at = 0;
  };
  std::vector<Frame> stack;
  seen[graph.entry()] = 1;
  stack.push_back({graph.entry(), graph.successors(graph.entry())});
  while (!stack.empty()) {
    Frame& top = stack.back();
    if (top.at == top.next.size()) {
      order.push_back(top.node);
      stack.pop_back();
      continue;
    }
    const Graph::NodeId next = top.next[top.at++];
    if (next == Graph::none || seen[next]) continue;
    seen[next] = 1;
    stack.push_back({next, graph.successors(next)});
  }
  std::reverse(order.begin(), order.end());
  return order;
}

LoopHeaders loop_headers(const Graph& graph) {
  const auto order = reverse_post_order(graph);
  constexpr std::size_t unknown = static_cast<std::size_t>(-1);
  std::vector<std::size_t> position(graph.size(), unknown);
  for (std::size_t i = 0; i < order.size(); ++i) position[order[i]] = i;

  // Immediate dominators as positions in the order (Cooper, Harvey, Kennedy: A Simple, Fast Dominance Algorithm).
  std::vector<std::size_t> dominator(order.size(), unknown);
  if (!order.empty()) dominator[0] = 0;
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t i = 1; i < order.size(); ++i) {
      std::size_t best = unknown;
      for (Graph::NodeId before : graph.predecessors(order[i])) {
        std::size_t at = position[before];
        if (at == unknown || dominator[at] == unknown) continue;
        if (best == unknown) {
          best = at;
          continue;
        }
        while (at != best) (at > best ? at : best) = dominator[at > best ? at : best];
      }
      if (best != dominator[i]) {
        dominator[i] = best;
        changed = true;
      }
    }
  }
  LoopHeaders result;
  for (std::size_t i = 0; i < order.size(); ++i) {
    bool header = false;
    for (Graph::NodeId before : graph.predecessors(order[i])) {
      std::size_t at = position[before];
      if (at == unknown || at < i) continue;
      header = true;
      while (at > i) at = dominator[at];
      result.irreducible = result.irreducible || at != i;
    }
    if (header) result.headers.push_back(order[i]);
  }
  return result;
}

namespace {

/// Looks at one node; empty when all is well.
std::string fault_of(const Node& node) {
  auto width_is = [](Term term, unsigned bits) { return term && term.sort().is_bitvec() && term.width() == bits; };
  if (auto* basic = std::get_if<Basic>(&node)) {
    for (const Binding& binding : basic->assignments) {
      if (!binding.variable || !binding.variable.is_variable()) return "assignment to something that is no variable";
      if (!binding.value || binding.value.sort() != binding.variable.sort()) return "assignment of another sort";
    }
  } else if (auto* load = std::get_if<Load>(&node)) {
    if (!width_is(load->address, 64)) return "load address is not 64 bits";
    if (!load->result || !load->result.is_variable() || !width_is(load->result, 8 * load->bytes)) return "load result";
  } else if (auto* store = std::get_if<Store>(&node)) {
    if (!width_is(store->address, 64)) return "store address is not 64 bits";
    if (!width_is(store->value, 8 * store->bytes)) return "store value";
  } else if (auto* cond = std::get_if<Cond>(&node)) {
    if (!cond->condition || !cond->condition.sort().is_bool()) return "condition is not Bool";
  } else if (auto* claim = std::get_if<Assert>(&node)) {
    if (!claim->condition || !claim->condition.sort().is_bool()) return "asserted condition is not Bool";
  } else if (auto* touch = std::get_if<Touch>(&node)) {
    if (!width_is(touch->address, 64)) return "touched address is not 64 bits";
  } else if (auto* call = std::get_if<Call>(&node)) {
    if (call->symbol.empty() && !call->target) return "call without symbol or target";
    for (const AbiSlot& slot : call->results) {
      if (!slot.term || !slot.term.is_variable()) return "call result is no variable";
    }
  }
  return {};
}

}  // namespace

namespace {

/// A name stands for one variable of a function: the first name that a node uses with a second sort, or empty.
class SortCheck {
 public:
  std::string look(const Node& node) {
    std::string fault;
    for_each_term(node, [&](Term term) {
      if (!term || !fault.empty() || !seen_.insert(term).second) return;
      for (Term variable : variables_of(term)) {
        const auto [known, inserted] = sorts_.emplace(variable.name(), variable.sort());
        if (!inserted && !(known->second == variable.sort())) fault = "variable " + variable.name() + " has two sorts";
      }
    });
    return fault;
  }

 private:
  std::unordered_set<Term> seen_;
  std::unordered_map<std::string, Sort> sorts_;
};

}  // namespace

Result<bool> check_graph(const Graph& graph) {
  SortCheck sorts;
  auto fail = [](std::string message, Location where) -> Result<bool> {
    return Error{"graph-malformed", std::move(message), std::move(where)};
  };
  if (graph.entry() == Graph::none) return fail("the graph has no entry", {});
  for (Graph::NodeId node : reverse_post_order(graph)) {
    const NodeData& data = graph.at(node);
    if (std::string fault = fault_of(data.node); !fault.empty()) return fail("node " + std::to_string(node) + ": " + fault, data.where);
    if (std::string fault = sorts.look(data.node); !fault.empty()) return fail("node " + std::to_string(node) + ": " + fault, data.where);
    for (Graph::NodeId next : graph.successors(node)) {
      if (next == Graph::none) return fail("node " + std::to_string(node) + " has an edge that leads nowhere", data.where);
    }
  }
  return true;
}

}  // namespace ir
