// SPDX-License-Identifier: Apache-2.0
// A tiny interpreter of source graphs, only to hold the lifter against compiled code: registers in, register out, calls
// of functions with a body run, undefined behaviour ends the run.
#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "ir/function.hpp"

namespace runner {

struct Stop : std::runtime_error {
  using std::runtime_error::runtime_error;
};

class Machine {
 public:
  explicit Machine(const ir::Module& module) : module_(module) {
    std::uint64_t next = 0x10'0000;
    for (const auto& [name, object] : module.globals) {
      next = (next + 63) / 64 * 64;
      addresses_[name] = next;
      for (std::uint64_t i = 0; i < object.bytes; ++i) {
        memory[next + i] = i < object.initial.size() ? object.initial[i] : 0;
      }
      next += object.bytes + 64;
    }
    for (const auto& [name, function] : module.functions) {
      next += 64;
      addresses_.emplace("@" + name, next);
      functions_[next] = name;
    }
    for (const auto& [name, object] : module.globals) {
      for (const auto& [offset, symbol] : object.relocations) {
        const std::uint64_t address = addresses_.at("@" + symbol) + load(addresses_.at(name) + offset, 8);
        store(addresses_.at(name) + offset, 8, address);
      }
    }
  }

  std::map<std::uint64_t, std::uint8_t> memory;
  std::vector<std::string> effects;  ///< details of the effects passed
  std::uint64_t steps = 0;
  std::uint64_t limit = 1'000'000;

  /// Runs a function on registers x0..x8; the results come back in x0 and x1, other bits as they were.
  std::vector<std::uint64_t> call(const std::string& name, std::vector<std::uint64_t> x, std::vector<std::uint64_t> stack = {}) {
    const auto found = module_.functions.find(name);
    if (found == module_.functions.end()) {
      throw Stop("no body: " + name);
    }
    const ir::Function& function = found->second;
    x.resize(9);
    ir::Valuation values;
    const std::uint64_t saved = stack_;
    for (const auto& [global, address] : addresses_) {
      values.scalars[ir::var(global, ir::Sort::bitvec(64))] = address;
    }
    for (const ir::LocalObject& local : function.locals) {
      stack_ = (stack_ + 63) / 64 * 64;
      values.scalars[local.base] = stack_;
      for (std::uint64_t i = 0; i < local.bytes; ++i) {
        memory[stack_ + i] = 0xA5;
      }
      stack_ += local.bytes + 64;
    }
    for (const ir::AbiSlot& slot : function.parameters) {
      const std::uint64_t raw = slot.place.kind == ir::AbiPlace::Kind::x_register ? x[slot.place.index]
                                                                                  : stack.at(slot.place.index / 8);
      values.scalars[slot.term] = raw & static_cast<std::uint64_t>(ir::mask(slot.term.width()));
    }
    ir::Graph::NodeId at = function.graph.entry();
    for (;;) {
      if (++steps > limit) {
        throw Stop("too many steps");
      }
      const ir::Node& node = function.graph.at(at).node;
      unsigned way = 0;
      if (const auto* returned = std::get_if<ir::Return>(&node)) {
        for (std::size_t i = 0; i < returned->values.size(); ++i) {
          x[function.results[i].place.index] = static_cast<std::uint64_t>(ir::evaluate(returned->values[i], values));
        }
        stack_ = saved;
        return x;
      }
      step(node, values, way);
      at = function.graph.successors(at).at(way);
    }
  }

  std::uint64_t load(std::uint64_t address, unsigned bytes) const {
    std::uint64_t value = 0;
    for (unsigned i = 0; i < bytes; ++i) {
      const auto found = memory.find(address + i);
      if (found == memory.end()) {
        throw Stop("load outside memory");
      }
      value |= static_cast<std::uint64_t>(found->second) << (8 * i);
    }
    return value;
  }
  void store(std::uint64_t address, unsigned bytes, std::uint64_t value) {
    for (unsigned i = 0; i < bytes; ++i) {
      memory[address + i] = static_cast<std::uint8_t>(value >> (8 * i));
    }
  }
  std::uint64_t address(const std::string& name) const { return addresses_.at(name); }

 private:
  void step(const ir::Node& node, ir::Valuation& values, unsigned& way) {
    const auto eval = [&](ir::Term term) { return ir::evaluate(term, values); };
    if (const auto* basic = std::get_if<ir::Basic>(&node)) {
      std::vector<ir::u128> computed;
      for (const ir::Binding& binding : basic->assignments) {
        computed.push_back(eval(binding.value));
      }
      for (std::size_t i = 0; i < computed.size(); ++i) {
        values.scalars[basic->assignments[i].variable] = computed[i];
      }
    } else if (const auto* read = std::get_if<ir::Load>(&node)) {
      const auto at = static_cast<std::uint64_t>(eval(read->address));
      ir::u128 value = load(at, std::min(read->bytes, 8U));
      if (read->bytes == 16) {
        value |= static_cast<ir::u128>(load(at + 8, 8)) << 64;
      }
      values.scalars[read->result] = value;
    } else if (const auto* write = std::get_if<ir::Store>(&node)) {
      const auto at = static_cast<std::uint64_t>(eval(write->address));
      const ir::u128 value = eval(write->value);
      store(at, std::min(write->bytes, 8U), static_cast<std::uint64_t>(value));
      if (write->bytes == 16) {
        store(at + 8, 8, static_cast<std::uint64_t>(value >> 64));
      }
    } else if (const auto* condition = std::get_if<ir::Cond>(&node)) {
      way = eval(condition->condition) != 0 ? 0 : 1;
    } else if (const auto* assertion = std::get_if<ir::Assert>(&node)) {
      if (eval(assertion->condition) == 0) {
        throw Stop(assertion->kind);
      }
    } else if (const auto* made = std::get_if<ir::Call>(&node)) {
      std::vector<std::uint64_t> x(9, 0xDEADDEADDEADDEAD);
      std::vector<std::uint64_t> stack(32);
      for (const ir::AbiSlot& slot : made->arguments) {
        // Bits beyond the significant ones are garbage on purpose.
        const auto low = static_cast<std::uint64_t>(ir::mask(slot.term.width()));
        const std::uint64_t value = static_cast<std::uint64_t>(eval(slot.term)) | (0x5A5A5A5A5A5A5A5A & ~low);
        (slot.place.kind == ir::AbiPlace::Kind::x_register ? x[slot.place.index] : stack[slot.place.index / 8]) = value;
      }
      const std::string name = made->symbol.empty() ? functions_.at(static_cast<std::uint64_t>(eval(made->target))) : made->symbol;
      x = call(name, x, stack);
      for (const ir::AbiSlot& slot : made->results) {
        values.scalars[slot.term] = x[slot.place.index] & static_cast<std::uint64_t>(ir::mask(slot.term.width()));
      }
    } else if (const auto* choice = std::get_if<ir::Choice>(&node)) {
      values.scalars[choice->variable] = 0;
    } else if (const auto* life = std::get_if<ir::Lifetime>(&node)) {
      static_cast<void>(life);
    } else if (const auto* effect = std::get_if<ir::Effect>(&node)) {
      effects.push_back(effect->detail);
      if (effect->result) {
        values.scalars[effect->result] = 0x1234;
      }
    } else if (const auto* end = std::get_if<ir::Unreachable>(&node)) {
      throw Stop(end->reason);
    }
  }

  const ir::Module& module_;
  std::map<std::string, std::uint64_t> addresses_;
  std::map<std::uint64_t, std::string> functions_;
  std::uint64_t stack_ = 0x100'0000;
};

}  // namespace runner
