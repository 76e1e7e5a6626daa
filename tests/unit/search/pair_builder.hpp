// SPDX-License-Identifier: Apache-2.0
// Builds small source and binary functions by hand and asks the prover about the pair. Straight-line code is a list of
// nodes; branches name their targets.
#pragma once

#include <string>
#include <vector>

#include "ir/build.hpp"
#include "ir/function.hpp"
#include "validator/prove.hpp"

namespace testing_pairs {

using ir::Term;

inline Term bits64(const std::string& name) { return ir::var(name, ir::Sort::bitvec(64)); }
inline Term bits(const std::string& name, unsigned width) { return ir::var(name, ir::Sort::bitvec(width)); }
inline Term number(std::uint64_t value, unsigned width = 64) { return ir::bv(value, width); }
inline ir::Node set(Term variable, Term value) { return ir::Basic{{{variable, value}}}; }
inline ir::Node load(Term result, Term address) { return ir::Load{result, address, result.width() / 8}; }
inline ir::Node store(Term address, Term value) { return ir::Store{address, value, value.width() / 8}; }
inline ir::AbiSlot in_register(unsigned index, Term term) { return {{ir::AbiPlace::Kind::x_register, index}, term}; }

/// Nodes get the addresses 0x1000, 0x1004, ... in order of addition.
class Builder {
 public:
  using NodeId = ir::Graph::NodeId;

  /// Adds a node behind the last one (unless that one has no successor or was a branch).
  NodeId add(ir::Node node) {
    const unsigned successors = ir::successor_count(node);
    const NodeId id = function.graph.add(std::move(node), {}, 0x1000 + 4 * function.graph.size());
    if (last_ == ir::Graph::none) {
      if (function.graph.entry() == ir::Graph::none) function.graph.set_entry(id);
    } else {
      function.graph.connect(last_, id);
    }
    last_ = successors == 1 ? id : ir::Graph::none;
    return id;
  }
  /// The next node is the target of edge `index` of `from`.
  void continue_from(NodeId from, unsigned index) {
    const NodeId landing = function.graph.add(ir::Basic{}, {}, 0x1000 + 4 * function.graph.size());
    function.graph.connect(from, landing, index);
    last_ = landing;
  }
  /// Joins the current end to a node that exists already.
  void jump(NodeId to) {
    function.graph.connect(last_, to);
    last_ = ir::Graph::none;
  }
  void branch(NodeId from, unsigned index, NodeId to) { function.graph.connect(from, to, index); }

  ir::Function function;

 private:
  NodeId last_ = ir::Graph::none;
};

struct TestPair {
  Builder source;
  Builder binary;
  ir::Module others_source;
  ir::Module others_binary;
  validator::Image image;

  void returns(unsigned width) {
    source.function.results = {in_register(0, Term())};
    source.function.result_bits = {width};
  }
  void callee(const std::string& name, std::uint64_t address) {
    add_symbol(name, address, 4);
  }

  void add_symbol(const std::string& name, std::uint64_t address, std::uint64_t bytes) {
    validator::Symbol symbol;
    symbol.name = name;
    symbol.address = address;
    symbol.bytes = bytes;
    symbol.kind = validator::SymbolKind::function;
    image.symbols.push_back(symbol);
  }

  /// Both functions become part of their modules, under the name "f".
  void finish(bool finite_loops = true) {
    source.function.symbol = binary.function.symbol = "f";
    source.function.finite_loops = finite_loops;
    binary.function.address = 0x1000;
    add_symbol("f", 0x1000, 4 * binary.function.graph.size());
    others_source.functions["f"] = source.function;
    others_binary.functions["f"] = binary.function;
  }

  validator::Outcome prove(bool finite_loops = true) {
    finish(finite_loops);
    return validator::prove({others_source, others_binary, image, "f", {}, {}});
  }
};

inline ir::Node return_to_caller() { return ir::Return{{bits64("X30")}}; }

}  // namespace testing_pairs
