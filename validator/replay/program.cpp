// SPDX-License-Identifier: Apache-2.0
// Compiles a graph: each node's terms become one group of flat code.
#include "validator/replay/program.hpp"

#include <unordered_map>
#include <unordered_set>

#include <fmt/format.h>

#include "ir/build.hpp"

namespace validator::replay {

namespace {

using Code = Program::Code;

void input(Code& code, CodeNode& node, ir::Term term) {
  node.inputs.push_back(code.flat.add(term));
  node.input_bits.push_back(static_cast<std::uint8_t>(bits_of(term.sort())));
}

void output(Code& code, CodeNode& node, ir::Term variable) {
  node.outputs.push_back(code.flat.variable(variable));
  node.output_bits.push_back(static_cast<std::uint8_t>(bits_of(variable.sort())));
}

bool names_object(ir::Term term) {
  return term.is_variable() && (term.name().starts_with('@') || term.name().starts_with('%'));
}

/// The object whose address is the only one in a linear address.
Slot base_object(Code& code, ir::Term address) {
  if (names_object(address)) return code.flat.variable(address);
  if (!address.is(ir::Op::sum)) return no_slot;
  Slot found = no_slot;
  for (std::size_t i = 0; i < address.args().size(); ++i) {
    if (!names_object(address.arg(i)) || address.coefficients()[i] != 1) continue;
    if (found != no_slot) return no_slot;
    found = code.flat.variable(address.arg(i));
  }
  return found;
}

struct CompileNode {
  Code& code;
  CodeNode& out;

  void operator()(const ir::Basic& node) {
    for (const ir::Binding& binding : node.assignments) {
      input(code, out, binding.value);
      output(code, out, binding.variable);
    }
  }
  void operator()(const ir::Load& node) {
    input(code, out, node.address);
    output(code, out, node.result);
    if (code.side == Side::source) out.object = base_object(code, node.address);
  }
  void operator()(const ir::Store& node) {
    input(code, out, node.address);
    input(code, out, node.value);
    if (code.side == Side::source) out.object = base_object(code, node.address);
  }
  void operator()(const ir::Cond& node) { input(code, out, node.condition); }
  void operator()(const ir::Call& node) {
    // inputs: [target] arguments; outputs: results.
    if (node.target) input(code, out, node.target);
    for (const ir::AbiSlot& slot : node.arguments) input(code, out, slot.term);
    for (const ir::AbiSlot& slot : node.results) {
      output(code, out, slot.term);
      if (slot.place.kind != ir::AbiPlace::Kind::x_register || slot.place.index > 8)
        code.bad = "call result not in X0-X8";
    }
  }
  void operator()(const ir::Effect& node) {
    for (ir::Term operand : node.operands) input(code, out, operand);
    if (node.result) output(code, out, node.result);
  }
  void operator()(const ir::Assert& node) { input(code, out, node.condition); }
  void operator()(const ir::Choice& node) { output(code, out, node.variable); }
  void operator()(const ir::Touch& node) { input(code, out, node.address); }
  void operator()(const ir::Lifetime& node) { input(code, out, node.object); }
  void operator()(const ir::Return& node) {
    for (ir::Term value : node.values) input(code, out, value);
  }
  void operator()(const ir::Unreachable&) {}
};

void bind_names(Code& code) {
  std::unordered_set<Slot> bound;
  auto claim = [&](ir::Term term) {
    const Slot slot = code.flat.variable(term);
    bound.insert(slot);
    return slot;
  };
  const ir::Function& function = *code.function;
  if (code.side == Side::binary) {
    for (unsigned i = 0; i < 31; ++i) code.x[i] = claim(ir::var(fmt::format("X{}", i), ir::Sort::bitvec(64)));
    code.sp = claim(ir::var("SP", ir::Sort::bitvec(64)));
    const char* const names[] = {"N", "Z", "C", "V"};
    for (unsigned i = 0; i < 4; ++i) code.flags[i] = claim(ir::var(names[i], ir::Sort::boolean()));
  } else {
    for (const ir::AbiSlot& slot : function.parameters) code.parameters.push_back(claim(slot.term));
    for (const ir::LocalObject& local : function.locals) code.locals.push_back(claim(local.base));
  }
  for (Slot slot = 0; slot < code.flat.variables(); ++slot) {
    if (bound.contains(slot)) continue;
    const std::string& name = code.flat.variable_at(slot).name();
    (name.starts_with('@') ? code.globals : code.others).push_back({slot, name});
  }
}

void settle(const FlatCode& flat, std::vector<Slot>& slots) {
  for (Slot& slot : slots) slot = flat.settle(slot);
}

/// Variables that Basic nodes give a value at one place only.
std::unordered_map<ir::Term, ir::Term> only_values(const ir::Graph& graph) {
  std::unordered_map<ir::Term, ir::Term> values;
  for (ir::Graph::NodeId id = 0; id < graph.size(); ++id) {
    const auto* basic = std::get_if<ir::Basic>(&graph.at(id).node);
    if (basic == nullptr) continue;
    for (const ir::Binding& binding : basic->assignments) {
      const auto [at, added] = values.try_emplace(binding.variable, binding.value);
      if (!added) at->second = ir::Term();
    }
  }
  return values;
}

std::uint64_t distance_from_pointer(const std::unordered_map<ir::Term, ir::Term>& values, ir::Term address) {
  constexpr unsigned longest_chain = 16;
  ir::BaseOffset at = ir::base_offset(address);
  if (!at.base) return 0;
  for (unsigned i = 0; i < longest_chain && at.base.is_variable(); ++i) {
    const auto value = values.find(at.base);
    if (value == values.end() || !value->second) break;
    const ir::BaseOffset before = ir::base_offset(value->second);
    if (!before.base) break;
    at = {before.base, at.offset + before.offset};
  }
  return static_cast<std::uint64_t>(at.offset);
}

void set_distances(Program::Code& code) {
  const auto values = only_values(code.function->graph);
  for (CodeNode& node : code.nodes) {
    if (const auto* load = std::get_if<ir::Load>(&node.data->node))
      node.distance = distance_from_pointer(values, load->address);
    if (const auto* store = std::get_if<ir::Store>(&node.data->node))
      node.distance = distance_from_pointer(values, store->address);
  }
}

}  // namespace

Program::Program(const ir::Function& function, Side side) : code_(std::make_unique<Code>()) {
  Code& code = *code_;
  code.function = &function;
  code.side = side;
  code.may_be_unspecified = side == Side::source;
  const ir::Graph& graph = function.graph;
  code.nodes.resize(graph.size());
  if (graph.entry() == ir::Graph::none) code.bad = "the graph has no entry";
  for (ir::Graph::NodeId id = 0; id < graph.size(); ++id) {
    CodeNode& node = code.nodes[id];
    node.data = &graph.at(id);
    code.has_addresses |= node.data->address != 0;
    code.flat.begin_group();
    std::visit(CompileNode{code, node}, node.data->node);
    node.code = code.flat.end_group();
    node.successors = ir::successor_count(node.data->node);
    const auto successors = graph.successors(id);
    for (unsigned i = 0; i < node.successors && i < successors.size() && i < 2; ++i) node.next[i] = successors[i];
  }
  bind_names(code);
  if (side == Side::source) set_distances(code);
  code.flat.finish();
  for (CodeNode& node : code.nodes) settle(code.flat, node.inputs);
  if (!code.flat.unsupported().empty()) code.bad = "operator without a concrete meaning: " + code.flat.unsupported();
}

Program::~Program() = default;
Program::Program(Program&&) noexcept = default;
Program& Program::operator=(Program&&) noexcept = default;

const ir::Function& Program::function() const { return *code_->function; }
Side Program::side() const { return code_->side; }

RunResult run(const ir::Function& function, Side side, const EntryState& entry, Environment& environment,
              const RunLimits& limits) {
  EntryState copy = entry;
  RunOptions options;
  options.limits = limits;
  return Program(function, side).run(copy, environment, options);
}

}  // namespace validator::replay
