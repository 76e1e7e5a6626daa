// SPDX-License-Identifier: Apache-2.0
// A graph that is rewritten node by node: each old node becomes a chain of new ones, and the old edges join the chains.
#pragma once

#include <map>

#include "ir/graph.hpp"

namespace self {

class Chains {
 public:
  explicit Chains(ir::Graph& graph) : graph_(graph) {}

  /// The nodes that follow belong to this old node.
  void begin(ir::Graph::NodeId old) {
    old_ = old;
    empty_ = true;
  }
  /// Appends to the chain. Every new node has an address of its own.
  ir::Graph::NodeId add(ir::Node node) {
    const ir::Graph::NodeId id = graph_.add(std::move(node), {}, next_address_);
    next_address_ += 4;
    if (empty_) first_[old_] = id;
    else graph_.connect(last_[old_], id);
    last_[old_] = id;
    empty_ = false;
    return id;
  }
  std::uint64_t next_address() const { return next_address_; }

  /// Joins the chains as the old graph's edges say.
  void connect(const ir::Graph& old) {
    for (const auto& [node, last] : last_) {
      if (node >= old.size()) continue;  // what has no old node, such as a prologue
      const auto next = old.successors(node);
      const unsigned wanted = ir::successor_count(graph_.at(last).node);
      for (unsigned index = 0; index < next.size() && index < wanted; ++index) {
        if (next[index] != ir::Graph::none) graph_.connect(last, first_.at(next[index]), index);
      }
    }
  }
  ir::Graph::NodeId first(ir::Graph::NodeId old) const { return first_.at(old); }

 private:
  static constexpr std::uint64_t first_address = 0x6000'0000'0000;
  ir::Graph& graph_;
  std::map<ir::Graph::NodeId, ir::Graph::NodeId> first_, last_;
  ir::Graph::NodeId old_ = 0;
  bool empty_ = true;
  std::uint64_t next_address_ = first_address;
};

}  // namespace self
