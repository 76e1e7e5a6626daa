// SPDX-License-Identifier: Apache-2.0
// See trip_count.hpp.
#include "validator/search/trip_count.hpp"

#include <optional>
#include <unordered_map>
#include <unordered_set>

#include "ir/build.hpp"
#include "validator/check/node_terms.hpp"

namespace validator::search {

using check::Loop;
using ir::Graph;
using ir::Term;
using NodeId = Graph::NodeId;

namespace {

using Constants = std::unordered_map<Term, Term>;

/// What both know.
bool meet(Constants& into, const Constants& other) {
  return std::erase_if(into, [&](const auto& entry) {
           const auto found = other.find(entry.first);
           return found == other.end() || found->second != entry.second;
         }) != 0;
}

Term value_of(const Constants& known, Term term) {
  if (term.is_constant()) return term;
  ir::Substitution values;
  for (Term variable : ir::variables_of(term)) {
    if (auto found = known.find(variable); found != known.end()) values.emplace(variable, found->second);
  }
  return values.empty() ? term : ir::substitute(term, values);
}

void forget_written(Constants& known, const ir::Node& node) {
  check::for_each_written(node, [&](Term variable) { known.erase(variable); });
  const auto* call = std::get_if<ir::Call>(&node);
  // A call of machine code: only what AAPCS64 preserves stays.
  if (!call || call->arguments.size() + call->results.size() > 0) return;
  std::erase_if(known, [](const auto& entry) {
    const std::string& name = entry.first.name();
    if (name.size() == 1) return true;
    return name[0] == 'X' && name.find_first_not_of("0123456789", 1) == std::string::npos &&
           (std::stoul(name.substr(1)) <= 18 || name == "X30");
  });
}

using Variables = std::unordered_set<Term>;

/// Variables that can decide a condition.
Variables deciding(const Graph& graph, const std::vector<NodeId>& nodes) {
  Variables result;
  auto add = [&](Term term) {
    bool grew = false;
    for (Term variable : ir::variables_of(term)) grew = result.insert(variable).second || grew;
    return grew;
  };
  for (NodeId node : nodes) {
    if (auto* cond = std::get_if<ir::Cond>(&graph.at(node).node)) add(cond->condition);
  }
  for (bool changed = true; changed;) {
    changed = false;
    for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
      const auto* basic = std::get_if<ir::Basic>(&graph.at(*node).node);
      if (!basic) continue;
      for (const ir::Binding& binding : basic->assignments) {
        if (result.contains(binding.variable)) changed = add(binding.value) || changed;
      }
    }
  }
  return result;
}

void execute(Constants& known, const ir::Node& node, const Variables& tracked) {
  const auto* basic = std::get_if<ir::Basic>(&node);
  if (!basic) return forget_written(known, node);
  std::vector<Term> values;
  for (const ir::Binding& binding : basic->assignments) {
    values.push_back(tracked.contains(binding.variable) ? value_of(known, binding.value) : binding.value);
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!tracked.contains(basic->assignments[i].variable)) continue;
    if (values[i].is_constant()) {
      known[basic->assignments[i].variable] = values[i];
    } else {
      known.erase(basic->assignments[i].variable);
    }
  }
}

/// The successors that the constants leave possible.
template <typename Visit>
void for_each_next(const Graph& graph, NodeId node, const Constants& known, Visit&& visit) {
  const auto next = graph.successors(node);
  const auto* cond = std::get_if<ir::Cond>(&graph.at(node).node);
  const Term decided = cond ? value_of(known, cond->condition) : Term();
  for (std::size_t index = 0; index < next.size(); ++index) {
    if (next[index] == Graph::none) continue;
    if (decided && ((index == 0 && decided.is_false()) || (index == 1 && decided.is_true()))) continue;
    visit(next[index]);
  }
}

class Constancy {
 public:
  Constancy(const Graph& graph, const std::vector<Loop>& loops) : graph_(graph), order_(ir::reverse_post_order(graph)) {
    for (const Loop& loop : loops) loops_.emplace(loop.header, &loop);
    for (std::size_t i = 0; i < order_.size(); ++i) position_.emplace(order_[i], i);
    if (loops.empty()) return;
    tracked_ = deciding(graph, order_);
    std::map<NodeId, Constants> in{{graph.entry(), {}}};
    walk(std::set<NodeId>(order_.begin(), order_.end()), Graph::none, in, &in_);
  }

  bool reached(NodeId header) const { return in_.contains(header); }

  std::optional<unsigned> trip_count(const Loop& loop, unsigned limit) const {
    const auto entering = in_.find(loop.header);
    if (entering == in_.end()) return std::nullopt;
    Constants known = entering->second;
    for (unsigned trips = 1; trips <= limit; ++trips) {
      std::map<NodeId, Constants> in{{loop.header, known}};
      std::optional<Constants> around = walk(loop.body, loop.header, in, nullptr);
      if (!around) return trips;
      if (*around == known) return std::nullopt;
      known = std::move(*around);
    }
    return std::nullopt;
  }

 private:
  /// One pass over the nodes; inner loops lose what they assign. Returns what arrives at `last`, when something does.
  std::optional<Constants> walk(const std::set<NodeId>& nodes, NodeId last, std::map<NodeId, Constants>& in,
                                std::map<NodeId, Constants>* at_headers) const {
    std::optional<Constants> arriving;
    for (NodeId node : order_) {
      const auto here = in.find(node);
      if (!nodes.contains(node) || here == in.end()) continue;
      Constants known = std::move(here->second);
      in.erase(here);
      if (auto inner = loops_.find(node); inner != loops_.end() && node != last) {
        if (at_headers) at_headers->emplace(node, known);
        for (NodeId inside : inner->second->body) {
          check::for_each_written(graph_.at(inside).node, [&](Term variable) { known.erase(variable); });
          forget_written(known, graph_.at(inside).node);
        }
      }
      execute(known, graph_.at(node).node, tracked_);
      for_each_next(graph_, node, known, [&](NodeId next) {
        if (next == last) {
          if (arriving) {
            meet(*arriving, known);
          } else {
            arriving = known;
          }
        } else if (position_.at(next) <= position_.at(node)) {
          // An inner loop's back edge: what it changes is forgotten at its header.
        } else if (auto [entry, inserted] = in.try_emplace(next, known); !inserted) {
          meet(entry->second, known);
        }
      });
    }
    return arriving;
  }

  const Graph& graph_;
  std::vector<NodeId> order_;
  std::unordered_map<NodeId, std::size_t> position_;
  std::map<NodeId, const Loop*> loops_;
  Variables tracked_;
  std::map<NodeId, Constants> in_;
};

}  // namespace

std::map<NodeId, unsigned> constant_trip_counts(const Graph& graph, const std::vector<Loop>& loops, unsigned limit) {
  std::map<NodeId, unsigned> result;
  const Constancy constancy(graph, loops);
  for (const Loop& loop : loops) {
    if (auto count = constancy.trip_count(loop, limit)) result.emplace(loop.header, *count);
  }
  return result;
}

std::vector<Loop> live_loops(const Graph& graph) {
  std::vector<Loop> loops = check::find_loops(graph);
  const Constancy constancy(graph, loops);
  std::erase_if(loops, [&](const Loop& loop) { return !constancy.reached(loop.header); });
  return loops;
}

}  // namespace validator::search
