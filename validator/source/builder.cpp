// SPDX-License-Identifier: Apache-2.0
// The graph builder and its clean-up. Nothing here knows Clang.
#include "validator/source/builder.hpp"

#include <algorithm>
#include <set>
#include <unordered_map>

namespace validator::source {

using ir::Graph;
using ir::Term;

Builder::Builder() {
  const Graph::NodeId entry = graph.add(ir::Basic{});
  graph.set_entry(entry);
  open.exits = {{entry, 0}};
}

Graph::NodeId Builder::emit(ir::Node node) {
  const unsigned exits = ir::successor_count(node);
  const Graph::NodeId id = graph.add(std::move(node), where);
  connect_to(id);
  const Fact* facts = open.facts;
  open.exits.clear();
  for (unsigned i = 0; i < exits; ++i) {
    open.exits.emplace_back(id, i);
  }
  open.facts = facts;
  return id;
}

void Builder::assign(Term variable, Term value) { emit(ir::Basic{{{variable, value}}}); }

void Builder::check(Term condition, const char* kind, bool stable) {
  if (condition.is_true()) {
    return;
  }
  for (const Fact* fact = open.facts; fact != nullptr; fact = fact->parent) {
    if (fact->condition == condition) {
      return;
    }
  }
  emit(ir::Assert{condition, kind});
  if (stable) {
    const std::size_t depth = open.facts == nullptr ? 1 : open.facts->depth + 1;
    facts_.push_back(std::make_unique<Fact>(Fact{condition, open.facts, depth}));
    open.facts = facts_.back().get();
  }
}

void Builder::unreachable(const char* reason) { emit(ir::Unreachable{reason}); }

void Builder::branch(Term condition, Edges& yes, Edges& no) {
  const Fact* facts = open.facts;
  if (condition.is_true() || condition.is_false()) {
    yes = condition.is_true() ? open : Edges{{}, facts};
    no = condition.is_true() ? Edges{{}, facts} : open;
  } else {
    const Graph::NodeId id = emit(ir::Cond{condition});
    yes = Edges{{{id, 0}}, facts};
    no = Edges{{{id, 1}}, facts};
  }
  open.exits.clear();
}

Graph::NodeId Builder::header() { return emit(ir::Basic{}); }

Graph::NodeId Builder::label() { return graph.add(ir::Basic{}, where); }

void Builder::connect_to(Graph::NodeId target) {
  for (const auto& [node, index] : open.exits) {
    graph.connect(node, target, index);
  }
  open.exits.clear();
}

Edges Builder::join(Edges a, const Edges& b) {
  if (a.empty()) {
    return b;
  }
  if (b.empty()) {
    return a;
  }
  a.exits.insert(a.exits.end(), b.exits.begin(), b.exits.end());
  const Fact* left = a.facts;
  const Fact* right = b.facts;
  while (left != right) {
    const std::size_t left_depth = left == nullptr ? 0 : left->depth;
    const std::size_t right_depth = right == nullptr ? 0 : right->depth;
    if (left_depth >= right_depth) {
      left = left->parent;
    }
    if (right_depth >= left_depth) {
      right = right->parent;
    }
  }
  a.facts = left;
  return a;
}

Term Builder::fresh(const std::string& prefix, ir::Sort sort) {
  std::string name = prefix;
  name.append(1, '.').append(std::to_string(next_++));
  if (sort.is_bool()) {
    name.append(".b");
  } else if (sort.width != 64) {
    name.append(1, '.').append(std::to_string(sort.width));
  }
  return ir::var(name, sort);
}

namespace {

void add_variables(Term term, std::set<std::uint32_t>& out) {
  if (term) {
    for (const Term variable : ir::variables_of(term)) {
      out.insert(variable.id());
    }
  }
}

/// Variables that a node reads and writes.
struct Access {
  std::set<std::uint32_t> reads;
  std::vector<std::uint32_t> writes;
};

struct AccessOf {
  Access& out;
  void read(Term term) { add_variables(term, out.reads); }
  void write(Term term) {
    if (term) {
      out.writes.push_back(term.id());
    }
  }
  void operator()(const ir::Basic& node) {
    for (const ir::Binding& binding : node.assignments) {
      read(binding.value);
      write(binding.variable);
    }
  }
  void operator()(const ir::Load& node) { read(node.address), write(node.result); }
  void operator()(const ir::Store& node) { read(node.address), read(node.value); }
  void operator()(const ir::Cond& node) { read(node.condition); }
  void operator()(const ir::Call& node) {
    read(node.target);
    for (const ir::AbiSlot& slot : node.arguments) {
      read(slot.term);
    }
    for (const ir::AbiSlot& slot : node.results) {
      write(slot.term);
    }
  }
  void operator()(const ir::Effect& node) {
    for (const Term operand : node.operands) {
      read(operand);
    }
    write(node.result);
  }
  void operator()(const ir::Assert& node) { read(node.condition); }
  void operator()(const ir::Choice& node) { write(node.variable); }
  void operator()(const ir::Touch& node) { read(node.address); }
  void operator()(const ir::Lifetime& node) { read(node.object); }
  void operator()(const ir::Return& node) {
    for (const Term value : node.values) {
      read(value);
    }
  }
  void operator()(const ir::Unreachable&) {}
};

/// Choices whose variable is read before it is written again on some path.
std::set<Graph::NodeId> live_choices(const Graph& graph, const std::vector<Graph::NodeId>& order) {
  std::set<Graph::NodeId> choices;
  for (const Graph::NodeId node : order) {
    if (std::holds_alternative<ir::Choice>(graph.at(node).node)) {
      choices.insert(node);
    }
  }
  if (choices.empty()) {
    return choices;
  }
  std::unordered_map<Graph::NodeId, Access> access;
  for (const Graph::NodeId node : order) {
    std::visit(AccessOf{access[node]}, graph.at(node).node);
  }
  std::unordered_map<Graph::NodeId, std::set<std::uint32_t>> live_in;
  for (bool changed = true; changed;) {
    changed = false;
    for (auto it = order.rbegin(); it != order.rend(); ++it) {
      std::set<std::uint32_t> live;
      for (const Graph::NodeId next : graph.successors(*it)) {
        if (next != Graph::none) {
          live.insert(live_in[next].begin(), live_in[next].end());
        }
      }
      for (const std::uint32_t written : access[*it].writes) {
        live.erase(written);
      }
      live.insert(access[*it].reads.begin(), access[*it].reads.end());
      if (live != live_in[*it]) {
        live_in[*it] = std::move(live);
        changed = true;
      }
    }
  }
  std::set<Graph::NodeId> result;
  for (const Graph::NodeId node : choices) {
    const std::uint32_t variable = std::get<ir::Choice>(graph.at(node).node).variable.id();
    for (const Graph::NodeId next : graph.successors(node)) {
      if (next != Graph::none && live_in[next].count(variable) != 0) {
        result.insert(node);
      }
    }
  }
  return result;
}

}  // namespace

Graph Builder::finish() const {
  const std::vector<Graph::NodeId> order = ir::reverse_post_order(graph);
  const std::set<Graph::NodeId> choices = live_choices(graph, order);
  const auto skippable = [&](Graph::NodeId node) {
    const ir::Node& data = graph.at(node).node;
    if (const auto* basic = std::get_if<ir::Basic>(&data)) {
      return basic->assignments.empty();
    }
    return std::holds_alternative<ir::Choice>(data) && choices.count(node) == 0;
  };
  // A cycle of empty nodes keeps the node at which the walk comes round.
  const auto resolve = [&](Graph::NodeId node) {
    std::set<Graph::NodeId> seen;
    while (skippable(node) && seen.insert(node).second) {
      node = graph.successors(node)[0];
    }
    return node;
  };
  Graph result;
  std::unordered_map<Graph::NodeId, Graph::NodeId> renamed;
  std::vector<Graph::NodeId> kept;
  const auto keep = [&](Graph::NodeId node) {
    const auto [it, added] = renamed.emplace(node, Graph::none);
    if (added) {
      it->second = result.add(graph.at(node).node, graph.at(node).where);
      kept.push_back(node);
    }
    return it->second;
  };
  const Graph::NodeId entry = resolve(graph.entry());
  result.set_entry(keep(entry));
  for (const Graph::NodeId node : order) {
    if (resolve(node) == node) {
      keep(node);
    }
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const std::vector<Graph::NodeId> next = graph.successors(kept[i]);
    for (unsigned index = 0; index < next.size(); ++index) {
      if (next[index] != Graph::none) {
        result.connect(renamed.at(kept[i]), keep(resolve(next[index])), index);
      }
    }
  }
  return result;
}

}  // namespace validator::source
