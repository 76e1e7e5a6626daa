// SPDX-License-Identifier: Apache-2.0
// Facts about a module that excuse a difference: compilers know every use of an internal function or object, and
// rewrite its interface or freeze its content accordingly. A state that no run can reach must not refute anything.
#include <unordered_set>

#include "ir/build.hpp"
#include "validator/replay/compare.hpp"

namespace validator::replay {

namespace {

/// The one object variable with coefficient 1 in a linear address, or null.
ir::Term object_of(ir::Term address) {
  auto is_object = [](ir::Term term) { return term.is_variable() && term.name().starts_with('@'); };
  if (is_object(address)) return address;
  if (!address.is(ir::Op::sum)) return {};
  ir::Term found;
  for (std::size_t i = 0; i < address.args().size(); ++i) {
    if (!is_object(address.arg(i)) || address.coefficients()[i] != 1) continue;
    if (found) return {};
    found = address.arg(i);
  }
  return found;
}

struct Uses {
  std::unordered_set<ir::Term> read;      ///< variables in any term that a node reads
  std::unordered_set<ir::Term> escaping;  ///< variables in values, that is not only as the base of an access
  std::unordered_set<ir::Term> varied;    ///< objects stored to with a value that is not constant

  void reads(ir::Term term, bool escapes) {
    for (ir::Term variable : ir::variables_of(term)) {
      read.insert(variable);
      if (escapes) escaping.insert(variable);
    }
  }
  void address(ir::Term term) {
    const ir::Term object = object_of(term);
    for (ir::Term variable : ir::variables_of(term)) {
      read.insert(variable);
      if (variable != object) escaping.insert(variable);
    }
  }
  void operator()(const ir::Basic& node) {
    for (const auto& binding : node.assignments) reads(binding.value, true);
  }
  void operator()(const ir::Load& node) { address(node.address); }
  void operator()(const ir::Store& node) {
    address(node.address);
    reads(node.value, true);
    const ir::Term object = object_of(node.address);
    if (object && !node.value.is_constant()) varied.insert(object);
  }
  void operator()(const ir::Cond& node) { reads(node.condition, false); }
  void operator()(const ir::Call& node) {
    if (node.target) reads(node.target, true);
    for (const auto& slot : node.arguments) reads(slot.term, true);
  }
  void operator()(const ir::Effect& node) {
    for (ir::Term operand : node.operands) reads(operand, true);
  }
  void operator()(const ir::Assert& node) { reads(node.condition, false); }
  void operator()(const ir::Choice&) {}
  void operator()(const ir::Touch& node) { address(node.address); }
  void operator()(const ir::Lifetime& node) { address(node.object); }
  void operator()(const ir::Return& node) {
    for (ir::Term value : node.values) reads(value, true);
  }
  void operator()(const ir::Unreachable&) {}
};

}  // namespace

ModuleFacts ModuleFacts::of(const ir::Module& source, const Image* image) {
  ModuleFacts facts;
  std::set<std::string> escaping, varied, used_results;
  for (const auto& [name, error] : source.failed) facts.functions.insert(name);
  for (const auto& [name, function] : source.functions) {
    facts.functions.insert(name);
    facts.defined.insert(name);
    Uses uses;
    for (ir::Graph::NodeId node = 0; node < function.graph.size(); ++node)
      std::visit(uses, function.graph.at(node).node);
    for (ir::Term term : uses.escaping) escaping.insert(term.name());
    for (ir::Term term : uses.varied) varied.insert(term.name());
    std::uint32_t dead = 0;
    for (const ir::AbiSlot& slot : function.parameters) {
      if (slot.place.kind == ir::AbiPlace::Kind::x_register && !uses.read.contains(slot.term))
        dead |= 1U << slot.place.index;
    }
    if (function.internal && dead != 0) facts.dead_arguments[name] = dead;
    for (ir::Graph::NodeId node = 0; node < function.graph.size(); ++node) {
      const auto* call = std::get_if<ir::Call>(&function.graph.at(node).node);
      if (call == nullptr) continue;
      facts.functions.insert(call->symbol);
      for (const auto& slot : call->results)
        if (uses.read.contains(slot.term)) used_results.insert(call->symbol);
    }
  }
  for (const auto& [name, global] : source.globals) {
    for (const auto& [offset, symbol] : global.relocations) escaping.insert("@" + symbol);
  }
  for (const auto& [name, function] : source.functions) {
    if (function.internal && !used_results.contains(name) && !escaping.contains("@" + name))
      facts.dead_results.insert(name);
  }
  // A function that could not be lifted may use anything.
  const bool all_lifted = source.failed.empty();
  for (const auto& [name, global] : source.globals) {
    if (global.internal && !global.is_const && !escaping.contains(name)) {
      if (all_lifted) facts.protected_globals.insert(name);
      if (!varied.contains(name)) facts.frozen_globals.insert(name);
    }
    if (image == nullptr || global.symbol.empty()) continue;
    const Symbol* symbol = image->find(global.symbol);
    const bool resized = symbol != nullptr && symbol->bytes != 0 && global.bytes != 0 && symbol->bytes != global.bytes;
    // What changes is somewhere, perhaps under a name that we do not know.
    const bool lost =
        symbol == nullptr && global.is_definition && !global.is_const && !facts.frozen_globals.contains(name);
    if (resized || lost) facts.unreliable_globals.insert(name);
  }
  return facts;
}

namespace {

constexpr std::uint64_t caller_saved = 0xF'4007'FFFF;  ///< X0-X18, X30, flags (AAPCS64 6.1.1)

std::uint64_t register_bit(const std::string& name) {
  if (name == "N") return std::uint64_t{1} << 32;
  if (name == "Z") return std::uint64_t{1} << 33;
  if (name == "C") return std::uint64_t{1} << 34;
  if (name == "V") return std::uint64_t{1} << 35;
  if (name.size() < 2 || name.size() > 3 || name[0] != 'X') return 0;
  unsigned number = 0;
  for (char digit : name.substr(1)) {
    if (digit < '0' || digit > '9') return 0;
    number = 10 * number + static_cast<unsigned>(digit - '0');
  }
  return number < 31 ? std::uint64_t{1} << number : 0;
}

/// Registers that the function's own nodes write; adds its callees. An unknown callee writes all.
std::uint64_t own_clobbers(const ir::Function& function, const ir::Module& module, std::set<std::string>& callees) {
  std::uint64_t result = 0;
  for (ir::Graph::NodeId id = 0; id < function.graph.size(); ++id) {
    const ir::Node& node = function.graph.at(id).node;
    if (auto* basic = std::get_if<ir::Basic>(&node)) {
      for (const auto& binding : basic->assignments) result |= register_bit(binding.variable.name());
    } else if (auto* load = std::get_if<ir::Load>(&node)) {
      result |= register_bit(load->result.name());
    } else if (auto* effect = std::get_if<ir::Effect>(&node)) {
      if (effect->result) result |= register_bit(effect->result.name());
    } else if (auto* call = std::get_if<ir::Call>(&node)) {
      if (module.functions.contains(call->symbol))
        callees.insert(call->symbol);
      else
        result |= caller_saved;
      // Linker veneers may use X16 and X17 on any call (AAPCS64 6.1.1).
      result |= std::uint64_t{3} << 16;
    }
  }
  return result & caller_saved;
}

}  // namespace

std::map<std::string, CalleeContract> preserved_registers(const ir::Module& binary) {
  std::map<std::string, std::uint64_t> clobbers;
  std::map<std::string, std::set<std::string>> callees;
  for (const auto& [name, function] : binary.functions) clobbers[name] = own_clobbers(function, binary, callees[name]);
  for (bool changed = true; changed;) {
    changed = false;
    for (auto& [name, set] : clobbers) {
      const std::uint64_t before = set;
      for (const std::string& callee : callees[name]) set |= clobbers[callee];
      changed |= set != before;
    }
  }
  std::map<std::string, CalleeContract> result;
  for (const auto& [name, set] : clobbers) {
    const std::uint64_t own = caller_saved & ~set & ~(std::uint64_t{3} << 16);
    if (own != 0) result[name].preserved = own;
  }
  return result;
}

}  // namespace validator::replay
