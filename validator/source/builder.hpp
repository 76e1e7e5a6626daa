// SPDX-License-Identifier: Apache-2.0
// Builds one function's graph while its AST is walked. Code is appended at the open edges: a list of node
// exits that have no successor yet. A join is the union of two lists; after `return` the list is empty and whatever
// follows is unreachable (it is still built, because a label may make it reachable, and pruned by finish()).
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "ir/build.hpp"
#include "ir/graph.hpp"

namespace validator::source {

/// An asserted condition that holds wherever the list is current: a chain towards the entry along dominators.
struct Fact {
  ir::Term condition;
  const Fact* parent = nullptr;
  std::size_t depth = 0;
};

/// Exits waiting for a successor, and what has been asserted on every path to them.
struct Edges {
  std::vector<std::pair<ir::Graph::NodeId, unsigned>> exits;
  const Fact* facts = nullptr;

  bool empty() const { return exits.empty(); }
};

class Builder {
 public:
  ir::Graph graph;
  Edges open;
  ir::Location where;  ///< given to every node that is added

  Builder();
  /// Adds a node after the open edges; they become its exit(s): none for 0 successors, both for Cond.
  ir::Graph::NodeId emit(ir::Node node);
  void assign(ir::Term variable, ir::Term value);
  /// Assert, unless the condition is true or already known here. `stable` says that no variable in it is reassigned.
  void check(ir::Term condition, const char* kind, bool stable);
  /// Ends the open path: reaching it is undefined behaviour.
  void unreachable(const char* reason);
  /// Cond: yes and no get the exits; nothing is open afterwards. A constant condition takes no node.
  void branch(ir::Term condition, Edges& yes, Edges& no);
  /// An empty node to come back to.
  ir::Graph::NodeId header();
  /// A node that is reached by connect_to only; nothing is open before or after.
  ir::Graph::NodeId label();
  /// Leads the open edges to an existing node.
  void connect_to(ir::Graph::NodeId target);
  void continue_at(ir::Graph::NodeId node) { open = Edges{{{node, 0}}, nullptr}; }
  static Edges join(Edges a, const Edges& b);

  /// A variable that no other term of this function has: "prefix.N", and ".width" or ".b" unless 64 bits wide
  /// (a name has one sort in the whole process).
  ir::Term fresh(const std::string& prefix, ir::Sort sort);

  /// The reachable part, renumbered in reverse post-order, without empty nodes and without choices that nobody reads.
  ir::Graph finish() const;

 private:
  unsigned next_ = 0;
  std::vector<std::unique_ptr<Fact>> facts_;
};

}  // namespace validator::source
