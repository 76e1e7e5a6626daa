// SPDX-License-Identifier: Apache-2.0
#include "validator/binary/frame.hpp"

#include <algorithm>
#include <array>
#include <deque>
#include <unordered_map>

#include <fmt/format.h>

#include "ir/build.hpp"
#include "validator/binary/binary.hpp"

namespace validator::binary {

namespace {

constexpr unsigned register_count = 32;  ///< X0..X30, SP
constexpr unsigned sp_index = 31;

struct Value {
  enum class Kind : std::uint8_t { none, constant, stack, any } kind = Kind::none;  ///< none: no path seen yet
  std::uint64_t number = 0;  ///< the constant, or the distance from entry SP modulo 2^64
  friend bool operator==(const Value&, const Value&) = default;
};
using State = std::array<Value, register_count>;

class Propagation {
 public:
  explicit Propagation(const ir::Graph& graph) : graph_(graph), in_(graph.size()) {
    for (unsigned i = 0; i < register_count; ++i) {
      const ir::Term variable = ir::var(i == sp_index ? std::string("SP") : fmt::format("X{}", i), ir::Sort::bitvec(64));
      registers_[variable] = i;
    }
  }

  ConstantFlow run() {
    const auto order = ir::reverse_post_order(graph_);
    State entry;
    entry.fill({Value::Kind::any, 0});
    entry[sp_index] = {Value::Kind::stack, 0};
    in_[graph_.entry()] = entry;
    std::vector<bool> waiting(graph_.size());
    std::deque<ir::Graph::NodeId> work(order.begin(), order.end());
    for (const auto node : order) waiting[node] = true;
    while (!work.empty()) {
      const auto node = work.front();
      work.pop_front();
      waiting[node] = false;
      const State out = after(node, nullptr);
      for (const auto next : graph_.successors(node)) {
        if (next == ir::Graph::none || !join(in_[next], out) || waiting[next]) continue;
        waiting[next] = true;
        work.push_back(next);
      }
    }
    return summary(order);
  }

 private:
  static bool join(State& into, const State& from) {
    bool changed = false;
    for (unsigned i = 0; i < register_count; ++i) {
      if (from[i].kind == Value::Kind::none || into[i] == from[i] || into[i].kind == Value::Kind::any) continue;
      into[i] = into[i].kind == Value::Kind::none ? from[i] : Value{Value::Kind::any, 0};
      changed = true;
    }
    return changed;
  }

  Value value_of(ir::Term term, const State& state) const {
    if (!term.sort().is_bitvec() || term.width() != 64) return {Value::Kind::any, 0};
    if (term.is_constant()) return {Value::Kind::constant, term.value64()};
    const ir::BaseOffset place = ir::base_offset(term);
    if (place.base && place.base.is_variable()) {
      const auto found = registers_.find(place.base);
      if (found == registers_.end()) return {Value::Kind::any, 0};
      Value value = state[found->second];
      value.number += static_cast<std::uint64_t>(place.offset);
      if (value.kind == Value::Kind::any) value.number = 0;
      return value;
    }
    ir::Substitution constants;
    for (const ir::Term variable : ir::variables_of(term)) {
      const auto found = registers_.find(variable);
      if (found == registers_.end() || state[found->second].kind != Value::Kind::constant) return {Value::Kind::any, 0};
      constants[variable] = ir::bv(state[found->second].number, 64);
    }
    const ir::Term folded = ir::substitute(term, constants);
    if (!folded.is_constant()) return {Value::Kind::any, 0};
    return {Value::Kind::constant, folded.value64()};
  }

  void set(State& state, ir::Term variable, Value value) const {
    const auto found = registers_.find(variable);
    if (found != registers_.end()) state[found->second] = value;
  }

  State after(ir::Graph::NodeId node, std::set<std::uint64_t>* constants) const {
    const State& before = in_[node];
    State state = before;
    const ir::NodeData& data = graph_.at(node);
    if (const auto* basic = std::get_if<ir::Basic>(&data.node)) {
      for (const ir::Binding& binding : basic->assignments) {
        const Value value = value_of(binding.value, before);
        set(state, binding.variable, value);
        const bool return_address = value.number == data.address + 4 && binding.variable.name() == "X30";
        if (constants != nullptr && value.kind == Value::Kind::constant && !return_address) constants->insert(value.number);
      }
    } else if (const auto* load = std::get_if<ir::Load>(&data.node)) {
      set(state, load->result, {Value::Kind::any, 0});
    } else if (const auto* effect = std::get_if<ir::Effect>(&data.node)) {
      if (effect->result) set(state, effect->result, {Value::Kind::any, 0});
    } else if (std::holds_alternative<ir::Call>(data.node)) {
      for (unsigned i = 0; i < sp_index; ++i) {
        if (RegisterSet::caller_saved().contains(i)) state[i] = {Value::Kind::any, 0};
      }
    }
    return state;
  }

  ConstantFlow summary(const std::vector<ir::Graph::NodeId>& order) const {
    ConstantFlow result;
    std::int64_t lowest = 0;
    bool known = true;
    for (const auto node : order) {
      for (const State& state : {in_[node], after(node, &result.constants)}) {
        const Value& sp = state[sp_index];
        if (sp.kind == Value::Kind::stack) lowest = std::min(lowest, static_cast<std::int64_t>(sp.number));
        known = known && sp.kind != Value::Kind::any && sp.kind != Value::Kind::constant;
      }
    }
    if (known) result.frame_bytes = static_cast<std::uint64_t>(-lowest);
    return result;
  }

  const ir::Graph& graph_;
  std::unordered_map<ir::Term, unsigned> registers_;
  std::vector<State> in_;
};

}  // namespace

ConstantFlow propagate_constants(const ir::Graph& graph) { return Propagation(graph).run(); }

}  // namespace validator::binary
