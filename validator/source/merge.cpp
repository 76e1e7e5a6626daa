// SPDX-License-Identifier: Apache-2.0
// Merging: the same external name is the same thing; a name that is internal to one unit and also means something in
// another becomes "name@file" wherever the first unit says it: as key, callee, address and relocation.
#include "validator/source/merge.hpp"

#include <map>

#include "ir/build.hpp"

namespace validator::source {

namespace {

using Names = std::map<std::string, std::string>;

class Renamer {
 public:
  explicit Renamer(const Names& names) : names_(names) {
    for (const auto& [from, to] : names) {
      const ir::Sort address = ir::Sort::bitvec(64);
      terms_[ir::var("@" + from, address)] = ir::var("@" + to, address);
    }
  }

  void text(std::string& name) const {
    const auto found = names_.find(name);
    if (found != names_.end()) {
      name = found->second;
    }
  }
  void term(ir::Term& term) const {
    if (term) {
      term = ir::substitute(term, terms_);
    }
  }
  void function(ir::Function& function) const {
    text(function.symbol);
    for (const ir::Graph::NodeId id : ir::reverse_post_order(function.graph)) {
      std::visit([this](auto& node) { this->node(node); }, function.graph.at(id).node);
    }
  }

 private:
  void node(ir::Basic& node) const {
    for (ir::Binding& binding : node.assignments) {
      term(binding.value);
    }
  }
  void node(ir::Load& node) const { term(node.address); }
  void node(ir::Store& node) const { term(node.address), term(node.value); }
  void node(ir::Cond& node) const { term(node.condition); }
  void node(ir::Call& node) const {
    text(node.symbol);
    term(node.target);
    for (ir::AbiSlot& slot : node.arguments) {
      term(slot.term);
    }
  }
  void node(ir::Effect& node) const {
    for (ir::Term& operand : node.operands) {
      term(operand);
    }
  }
  void node(ir::Assert& node) const { term(node.condition); }
  void node(ir::Choice&) const {}
  void node(ir::Touch& node) const { term(node.address); }
  void node(ir::Lifetime&) const {}
  void node(ir::Return& node) const {
    for (ir::Term& value : node.values) {
      term(value);
    }
  }
  void node(ir::Unreachable&) const {}

  const Names& names_;
  ir::Substitution terms_;
};

/// How many units say a name, and in how many it is internal.
struct Use {
  unsigned units = 0;
  unsigned internal = 0;
};

std::set<std::string> names_of(const UnitModule& unit) {
  std::set<std::string> names = unit.internal;
  for (const auto& [name, function] : unit.module.functions) {
    names.insert(name);
  }
  for (const auto& [name, error] : unit.module.failed) {
    names.insert(name);
  }
  for (const auto& [base, object] : unit.module.globals) {
    if (!object.symbol.empty()) {
      names.insert(object.symbol);
    }
  }
  return names;
}

void merge_object(ir::Module& out, const std::string& key, ir::GlobalObject object) {
  const auto [it, added] = out.globals.emplace(key, object);
  if (added) {
    return;
  }
  ir::GlobalObject& known = it->second;
  const bool better = (object.is_definition && !known.is_definition) || (object.has_initialiser && !known.has_initialiser);
  if (better || (known.bytes == 0 && object.bytes != 0 && !known.is_definition)) {
    known = std::move(object);
  } else if (known.has_initialiser && object.has_initialiser) {
    // Tentative definitions of C: a unit that gives only zeros yields to one that gives a value.
    const auto is_zero = [](const ir::GlobalObject& o) {
      for (const std::uint8_t byte : o.initial) {
        if (byte != 0) {
          return false;
        }
      }
      return o.relocations.empty();
    };
    if (is_zero(known) && !is_zero(object)) {
      known = std::move(object);
    }
  }
}

}  // namespace

std::set<std::string> quiet_functions(const ir::Module& module) {
  std::set<std::string> quiet;
  for (const auto& [name, function] : module.functions) {
    quiet.insert(name);
  }
  const auto is_own = [](const ir::Function& function, ir::Term address) {
    const ir::BaseOffset split = ir::base_offset(address);
    for (const ir::LocalObject& local : function.locals) {
      if (split.base == local.base) {
        return true;
      }
      if (split.base && split.base.is(ir::Op::sum)) {
        for (std::size_t i = 0; i < split.base.args().size(); ++i) {
          if (split.base.arg(i) == local.base && split.base.coefficients()[i] == 1) {
            return true;  // an element of a local array
          }
        }
      }
    }
    // A constructor fills the object that it is given; a class result goes where the caller says.
    for (const ir::AbiSlot& slot : function.parameters) {
      const std::string& name = slot.term.name();
      if (split.base == slot.term && (name.rfind("result.", 0) == 0 || (name.rfind("this.", 0) == 0 && function.symbol.find("C2E") != std::string::npos))) {
        return true;
      }
    }
    return false;
  };
  const auto disturbs = [&](const ir::Function& function, const ir::Node& node) {
    if (const auto* read = std::get_if<ir::Load>(&node)) {
      return read->is_volatile;
    }
    if (const auto* write = std::get_if<ir::Store>(&node)) {
      return write->is_volatile || !is_own(function, write->address);
    }
    if (const auto* call = std::get_if<ir::Call>(&node)) {
      return !call->returns || quiet.count(call->symbol) == 0;
    }
    return std::holds_alternative<ir::Effect>(node);
  };
  for (bool changed = true; changed;) {
    changed = false;
    for (const auto& [name, function] : module.functions) {
      if (quiet.count(name) == 0) {
        continue;
      }
      for (const ir::Graph::NodeId id : ir::reverse_post_order(function.graph)) {
        if (disturbs(function, function.graph.at(id).node)) {
          quiet.erase(name);
          changed = true;
          break;
        }
      }
    }
  }
  return quiet;
}

ir::Module merge(std::vector<UnitModule> units, std::map<std::string, ir::Location>& unordered) {
  std::map<std::string, Use> uses;
  for (const UnitModule& unit : units) {
    for (const std::string& name : names_of(unit)) {
      Use& use = uses[name];
      ++use.units;
      use.internal += unit.internal.count(name) != 0 ? 1U : 0U;
    }
  }
  ir::Module out;
  std::vector<UnitModule::Order> orders;
  std::set<std::string> weak;        // of those in `out`
  std::set<std::string> duplicates;  // two strong definitions: which one the image has is not ours to guess
  for (UnitModule& unit : units) {
    Names names;
    for (const std::string& name : unit.internal) {
      if (uses[name].units > 1) {
        names[name] = name + "@" + unit.file;
      }
    }
    const Renamer renamer(names);
    for (UnitModule::Order& order : unit.orders) {
      renamer.text(order.function);
      orders.push_back(std::move(order));
    }
    for (auto& [name, function] : unit.module.functions) {
      const bool is_weak = unit.weak.count(name) != 0;
      const auto known = out.functions.find(name);
      if (known != out.functions.end() && !function.internal) {
        if (!is_weak && !function.is_inline && !known->second.is_inline && weak.count(name) == 0) {
          out.failed[name] = {"duplicate-definition", name + " is defined in " + known->second.unit + ", too", function.where};
          duplicates.insert(name);
        }
        if (is_weak || weak.count(name) == 0) {
          continue;
        }
        out.functions.erase(known);
      }
      if (is_weak) {
        weak.insert(name);
      } else {
        weak.erase(name);
      }
      if (!names.empty()) {
        renamer.function(function);
      }
      std::string key = name;
      renamer.text(key);
      out.failed.erase(key);
      out.functions.emplace(key, std::move(function));
    }
    for (auto& [name, error] : unit.module.failed) {
      std::string key = name;
      renamer.text(key);
      if (out.functions.count(key) == 0) {
        out.failed.emplace(key, error);
      }
    }
    for (auto& [base, object] : unit.module.globals) {
      std::string key = base;
      renamer.text(object.symbol);
      if (!object.symbol.empty()) {
        key = "@" + object.symbol;
        object.base = ir::var(key, ir::Sort::bitvec(64));
      }
      for (auto& [offset, symbol] : object.relocations) {
        renamer.text(symbol);
      }
      merge_object(out, key, std::move(object));
    }
  }
  for (const std::string& name : duplicates) {
    out.functions.erase(name);
  }
  const std::set<std::string> quiet = orders.empty() ? std::set<std::string>() : quiet_functions(out);
  for (const UnitModule::Order& order : orders) {
    const bool shows = order.quiet.empty() || std::any_of(order.quiet.begin(), order.quiet.end(), [&](const std::string& callee) {
      return quiet.count(callee) == 0;
    });
    if (shows && out.functions.count(order.function) != 0) {
      unordered.emplace(order.function, order.where);
    }
  }
  return out;
}

}  // namespace validator::source
