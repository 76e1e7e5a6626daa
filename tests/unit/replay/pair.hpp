// SPDX-License-Identifier: Apache-2.0
// Hand-built graph pairs for the tests of replay: a chain of nodes with labels to branch to.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "ir/build.hpp"
#include "validator/replay/search.hpp"

namespace validator::replay::testing {

using ir::Term;

inline Term x(unsigned number) { return ir::var("X" + std::to_string(number), ir::Sort::bitvec(64)); }
inline Term sp() { return ir::var("SP", ir::Sort::bitvec(64)); }
inline Term v64(const std::string& name) { return ir::var(name, ir::Sort::bitvec(64)); }
inline Term v32(const std::string& name) { return ir::var(name + ".32", ir::Sort::bitvec(32)); }
inline Term c64(std::uint64_t value) { return ir::bv(value, 64); }
inline Term c32(std::uint64_t value) { return ir::bv(value, 32); }
inline Term low32(Term term) { return ir::extract(31, 0, term); }
inline Term wide(Term term) { return ir::zext(term, 64); }

inline ir::AbiSlot reg(unsigned number, Term term) { return {{ir::AbiPlace::Kind::x_register, number}, term}; }

class Chain {
 public:
  ir::Function function;
  using NodeId = ir::Graph::NodeId;

  /// Appends a node behind the last one (if that goes on).
  NodeId add(ir::Node node) {
    const NodeId id = function.graph.add(std::move(node));
    if (last_ != ir::Graph::none)
      function.graph.connect(last_, id, edge_);
    else if (function.graph.entry() == ir::Graph::none)
      function.graph.set_entry(id);
    last_ = id;
    edge_ = 0;
    return id;
  }
  NodeId set(Term variable, Term value) { return add(ir::Basic{{{variable, value}}}); }
  NodeId load(Term result, Term address, bool is_volatile = false) {
    return add(ir::Load{result, address, result.width() / 8, is_volatile});
  }
  NodeId store(Term address, Term value, bool is_volatile = false) {
    return add(ir::Store{address, value, value.width() / 8, is_volatile});
  }
  NodeId require(Term condition, std::string kind) { return add(ir::Assert{condition, std::move(kind)}); }
  NodeId cond(Term condition) { return add(ir::Cond{condition}); }
  /// The next node hangs on this edge.
  void from(NodeId node, unsigned edge) {
    last_ = node;
    edge_ = edge;
  }
  /// Closes the present end to an existing node.
  void go_to(NodeId node) {
    function.graph.connect(last_, node, edge_);
    last_ = ir::Graph::none;
  }
  NodeId ret(std::vector<Term> values) {
    const NodeId id = add(ir::Return{std::move(values)});
    last_ = ir::Graph::none;
    return id;
  }
  /// Binary return through X30.
  NodeId ret() { return ret({x(30)}); }

  Chain& parameters(std::vector<ir::AbiSlot> slots) {
    function.parameters = std::move(slots);
    return *this;
  }
  /// One result in X0.
  Chain& result(unsigned bits) {
    function.results = {reg(0, {})};
    function.result_bits = {bits};
    return *this;
  }

 private:
  NodeId last_ = ir::Graph::none;
  unsigned edge_ = 0;
};

inline SearchProblem problem(const Chain& source, const Chain& binary) { return {source.function, binary.function}; }

/// The kind of the first difference that random search finds, or "none".
inline std::string verdict(const Chain& source, const Chain& binary, std::uint64_t runs = 500) {
  SearchOptions options;
  options.runs = runs;
  const auto found = search_random(problem(source, binary), options);
  return found ? std::string(difference_name(found->difference.kind)) : "none";
}

}  // namespace validator::replay::testing
