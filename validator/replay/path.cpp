// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/path.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "validator/replay/flat.hpp"
#include "validator/replay/generator.hpp"

namespace validator::replay {

namespace {

constexpr std::size_t step_limit = 20'000;
constexpr std::size_t condition_limit = 3000;
constexpr unsigned deepest = 8;
/// As for runs: no object lies in the first page.
constexpr std::uint64_t null_page = 4096;
/// Where a pointer that was null may point instead.
constexpr std::uint64_t spare_region = object_regions + 0x1000 * region_bytes, spare_regions = 64;

using Memory = std::map<std::uint64_t, ir::Term>;

class Follower {
 public:
  Follower(const ir::Function& function, Side side, const RunResult& run, PathInputs& inputs, Callees& callees,
           const Path* guide)
      : function_(function),
        side_(side),
        run_(&run),
        inputs_(inputs),
        callees_(callees),
        guide_(guide),
        environment_(inputs.environment()) {}

  /// The run of a callee inside the source's.
  Follower(const ir::Function& function, Follower& caller, Environment environment)
      : function_(function),
        side_(Side::source),
        inputs_(caller.inputs_),
        callees_(caller.callees_),
        environment_(std::move(environment)),
        memory_(caller.memory_),
        depth_(caller.depth_ + 1),
        steps_(caller.steps_) {}

  Path follow(const std::vector<PathSlot>& arguments = {}) {
    side_ == Side::source ? bind_source(arguments) : bind_binary();
    node_ = function_.graph.entry();
    while (running_) step();
    if (side_ == Side::binary) {
      for (unsigned i = 0; i < 31; ++i) path_.x[i] = state_[x_variable(i)];
    }
    path_.written = memory_;
    return std::move(path_);
  }

  std::size_t steps() const { return steps_; }

 private:
  static ir::Term x_variable(unsigned number) { return ir::var(fmt::format("X{}", number), ir::Sort::bitvec(64)); }
  bool outermost() const { return depth_ == 0; }

  void bind_source(const std::vector<PathSlot>& arguments) {
    for (const ir::AbiSlot& slot : function_.parameters) {
      const unsigned bits = bits_of(slot.term.sort());
      ir::Term value;
      if (!outermost()) {
        for (const PathSlot& argument : arguments)
          if (argument.place == slot.place) value = argument.term;
      } else if (slot.place.kind == ir::AbiPlace::Kind::x_register) {
        value = inputs_.x(slot.place.index);
      } else {
        value = load(inputs_.entry().sp + slot.place.index, (bits + 7) / 8);
      }
      if (value) state_[slot.term] = as_sort(value, slot.term.sort());
    }
    std::uint64_t next = private_locals + depth_ * 0x1000'0000;
    for (std::size_t i = 0; i < function_.locals.size(); ++i) {
      std::uint64_t address = next;
      if (outermost() && i < run_->locals.size()) address = run_->locals[i].address;
      next += function_.locals[i].bytes + 4096;
      state_[function_.locals[i].base] = ir::bv(address, 64);
      for (std::uint64_t k = 0; k < function_.locals[i].bytes; ++k) memory_[address + k] = ir::bv(0, 8);
    }
  }

  void bind_binary() {
    for (unsigned i = 0; i < 30; ++i) state_[x_variable(i)] = inputs_.x(i);
    state_[x_variable(30)] = ir::bv(inputs_.entry().x[30], 64);
    state_[ir::var("SP", ir::Sort::bitvec(64))] = ir::bv(inputs_.entry().sp, 64);
  }

  static ir::Term as_sort(ir::Term value, ir::Sort sort) {
    if (sort.is_bool()) return value.sort().is_bool() ? value : ir::bit(value, 0);
    if (value.sort().is_bool()) return ir::bool_to_bv(value, sort.width);
    return value.width() == sort.width ? value : ir::resize(value, sort.width, false);
  }

  /// A node's term over the inputs.
  ir::Term now(ir::Term term) {
    for (const ir::Term variable : ir::variables_of(term)) {
      if (state_.contains(variable)) continue;
      const std::string& name = variable.name();
      ir::u128 value = 0;
      if (name.starts_with("@")) {
        const auto global = inputs_.entry().globals.find(name);
        if (global != inputs_.entry().globals.end()) value = global->second.address;
      }
      if (side_ == Side::binary && variable.sort().is_bool() && name.size() == 1) {
        const EntryState& entry = inputs_.entry();
        value = name == "N" ? entry.n : name == "Z" ? entry.z : name == "C" ? entry.c : entry.v;
      }
      state_[variable] = variable.sort().is_bool() ? ir::boolean(value != 0) : ir::bv(value, variable.sort().width);
    }
    return ir::substitute(term, state_);
  }

  void condition(PathCondition::Kind kind, ir::Term term, ir::Graph::NodeId other = ir::Graph::none) {
    if (term.is_constant() || term.is_true()) return;
    path_.conditions.push_back({kind, term, &function_, node_, other});
    if (path_.conditions.size() > condition_limit) running_ = false;
  }

  void end_with(ir::Term wish) {
    path_.wish = wish;
    running_ = false;
  }

  std::uint64_t address(ir::Term term) {
    const ir::Term at = now(term);
    const auto value = static_cast<std::uint64_t>(inputs_.value(at));
    if (side_ == Side::source && value < null_page) {
      const auto offset = static_cast<std::uint64_t>(ir::base_offset(at).offset);
      end_with(ir::eq(
          at, ir::bv(spare_region + mix(at.id(), value) % spare_regions * region_bytes + offset % region_bytes, 64)));
    }
    if (!at.is_constant()) condition(PathCondition::Kind::address, ir::eq(at, ir::bv(value, 64)));
    return value;
  }

  ir::Term load(std::uint64_t at, unsigned bytes) {
    std::vector<ir::Term> parts;
    for (unsigned i = bytes; i-- > 0;) {
      const auto known = memory_.find(at + i);
      parts.push_back(known != memory_.end() ? known->second : inputs_.byte(at + i));
    }
    return ir::concat(parts);
  }

  void store(std::uint64_t at, unsigned bytes, ir::Term value) {
    for (unsigned i = 0; i < bytes; ++i) memory_[at + i] = ir::extract(8 * i + 7, 8 * i, value);
  }

  void step() {
    const ir::NodeData& data = function_.graph.at(node_);
    if (++steps_ > step_limit) {
      running_ = false;
      return;
    }
    successor_ = 0;
    std::visit([&](const auto& node) { visit(node); }, data.node);
    if (!running_) return;
    const std::vector<ir::Graph::NodeId> next = function_.graph.successors(node_);
    if (successor_ >= next.size() || next[successor_] == ir::Graph::none) {
      running_ = false;
      return;
    }
    node_ = next[successor_];
  }

  void visit(const ir::Basic& node) {
    std::vector<ir::Term> values;
    for (const ir::Binding& binding : node.assignments) values.push_back(now(binding.value));
    for (std::size_t i = 0; i < values.size(); ++i) state_[node.assignments[i].variable] = values[i];
  }

  void visit(const ir::Load& node) {
    const std::uint64_t at = address(node.address);
    if (!running_) return;
    const bool is_event = side_ == Side::source ? node.is_volatile : is_guides_volatile(at, node.bytes, false);
    ir::Term value = load(at, node.bytes);
    if (is_event) {
      PathEvent& event = begin_event();
      event.operands = {ir::bv(at, 64)};
      value = answer_value(8 * node.bytes);
      event.value = value;
      store(at, node.bytes, value);
      environment_writes();
    }
    state_[node.result] = value;
  }

  void visit(const ir::Store& node) {
    const std::uint64_t at = address(node.address);
    if (!running_) return;
    const ir::Term value = now(node.value);
    store(at, node.bytes, value);
    const bool is_event = side_ == Side::source ? node.is_volatile : is_guides_volatile(at, node.bytes, true);
    if (is_event) begin_event().operands = {ir::bv(at, 64), value};
  }

  bool is_guides_volatile(std::uint64_t at, unsigned bytes, bool stores) const {
    const std::size_t next = path_.events.size();
    if (guide_ == nullptr || next >= run_->events.size()) return false;
    const Event& event = run_->events[next];
    const EventKind kind = stores ? EventKind::volatile_store : EventKind::volatile_load;
    return event.kind == kind && event.address == at && event.bytes == bytes;
  }

  void visit(const ir::Cond& node) {
    const ir::Term taken = now(node.condition);
    const bool value = inputs_.value(taken) != 0;
    successor_ = value ? 0 : 1;
    const std::vector<ir::Graph::NodeId> next = function_.graph.successors(node_);
    if (next.size() == 2)
      condition(PathCondition::Kind::branch, value ? taken : ir::logical_not(taken), next[1 - successor_]);
  }

  void visit(const ir::Assert& node) {
    const ir::Term holds = now(node.condition);
    if (inputs_.value(holds) == 0)
      end_with(holds);
    else
      condition(PathCondition::Kind::assertion, holds);
  }

  void visit(const ir::Choice& node) {
    const ir::Sort sort = node.variable.sort();
    state_[node.variable] = sort.is_bool() ? ir::boolean(false) : ir::bv(0, sort.width);
  }

  void visit(const ir::Touch&) {}
  void visit(const ir::Lifetime&) {}

  void visit(const ir::Return& node) {
    for (std::size_t i = 0; side_ == Side::source && i < node.values.size(); ++i)
      path_.results.push_back({function_.results[i].place, now(node.values[i])});
    path_.complete = true;
    running_ = false;
  }

  void visit(const ir::Unreachable&) { running_ = false; }

  PathEvent& begin_event() {
    PathEvent& event = path_.events.emplace_back();
    event.conditions = path_.conditions.size();
    return event;
  }

  std::size_t event_index() const { return path_.events.size() - 1; }

  Answer answer() { return environment_.answer(event_index()); }

  ir::Term answer_value(unsigned bits) {
    if (outermost()) return inputs_.answer_value(event_index(), bits);
    return ir::bv(answer().value, bits);
  }

  void environment_writes() {
    for (const auto& [at, byte] : answer().writes)
      if (!inputs_.entry().is_read_only(at)) memory_[at] = ir::bv(byte, 8);
  }

  void visit(const ir::Call& node) {
    begin_event();
    side_ == Side::source ? source_call(node) : binary_call(node);
    if (!node.returns) running_ = false;
  }

  void source_call(const ir::Call& node) {
    std::vector<PathSlot> arguments;
    for (const ir::AbiSlot& slot : node.arguments) arguments.push_back({slot.place, now(slot.term)});
    path_.events.back().arguments = arguments;
    const CalleeContract& contract = inputs_.environment().contract(node.symbol);
    const bool invented = contract.opaque && environment_.invents_opaque;
    const Program* program = nullptr;
    const Callees::Kind kind =
        node.symbol.empty() || invented ? Callees::Kind::external : callees_.find(node.symbol, &program);
    if (kind == Callees::Kind::opaque || (kind == Callees::Kind::defined && depth_ >= deepest)) {
      running_ = false;
      return;
    }
    if (kind == Callees::Kind::external) {
      if (contract.writes_memory) environment_writes();
      for (const ir::AbiSlot& slot : node.results) {
        const unsigned number = slot.place.index;
        const ir::Term value =
            outermost() ? inputs_.answer_x(event_index(), number) : ir::bv(answer().register_after(number), 64);
        state_[slot.term] = as_sort(value, slot.term.sort());
      }
      return;
    }
    Environment inner;
    inner.seed = mix(answer().seed, 0xca11);
    Follower callee(program->function(), *this, std::move(inner));
    const Path path = callee.follow(arguments);
    steps_ = callee.steps();
    path_.conditions.insert(path_.conditions.end(), path.conditions.begin(), path.conditions.end());
    path_.wish = path.wish;
    if (!path.complete || path_.conditions.size() > condition_limit) {
      running_ = false;
      return;
    }
    PathEvent& event = path_.events.back();
    for (const auto& [at, value] : path.written) {
      const auto before = memory_.find(at);
      if (before == memory_.end() || before->second != value) event.writes[at] = value;
    }
    memory_ = path.written;
    for (const PathSlot& result : path.results)
      if (result.place.kind == ir::AbiPlace::Kind::x_register) event.results[result.place.index] = result.term;
    for (const ir::AbiSlot& slot : node.results) {
      const auto result = event.results.find(slot.place.index);
      if (result != event.results.end()) state_[slot.term] = as_sort(result->second, slot.term.sort());
    }
  }

  void binary_call(const ir::Call& node) {
    PathEvent& event = path_.events.back();
    for (unsigned i = 0; i < event.x.size(); ++i) event.x[i] = state_[x_variable(i)];
    const std::size_t index = event_index();
    if (guide_ == nullptr || index >= guide_->events.size() || index >= run_->events.size() ||
        run_->events[index].kind != EventKind::call) {
      running_ = false;
      return;
    }
    const PathEvent& source = guide_->events[index];
    const CalleeContract& contract = inputs_.environment().contract(node.symbol);
    for (const auto& [at, value] : source.writes) memory_[at] = value;
    if (contract.writes_memory && source.writes.empty()) environment_writes();
    for (unsigned i = 0; i <= 18; ++i) {
      if ((contract.preserved >> i & 1) != 0) continue;
      const auto result = source.results.find(i);
      ir::Term value = inputs_.answer_x(index, i);
      if (result != source.results.end()) {
        const ir::Term low = as_sort(result->second, ir::Sort::bitvec(bits_of(result->second.sort())));
        value = low.width() >= 64 ? ir::extract(63, 0, low) : ir::concat(ir::extract(63, low.width(), value), low);
      }
      state_[x_variable(i)] = value;
    }
    if ((contract.preserved >> 30 & 1) == 0) state_[x_variable(30)] = inputs_.answer_x(index, 30);
    const char* flags[] = {"N", "Z", "C", "V"};
    for (unsigned i = 0; i < 4; ++i)
      if ((contract.preserved >> (32 + i) & 1) == 0)
        state_[ir::var(flags[i], ir::Sort::boolean())] = ir::boolean(answer().flag_after(i));
  }

  void visit(const ir::Effect& node) {
    const bool on_memory = node.kind == ir::EffectKind::exclusive_load ||
                           node.kind == ir::EffectKind::exclusive_store || node.kind == ir::EffectKind::atomic;
    PathEvent& event = begin_event();
    for (const ir::Term operand : node.operands) event.operands.push_back(now(operand));
    if (on_memory || node.kind == ir::EffectKind::exception_return) {
      running_ = false;
      return;
    }
    if (node.result) {
      event.value = answer_value(node.result.width());
      state_[node.result] = event.value;
    }
    environment_writes();
  }

  const ir::Function& function_;
  const Side side_;
  const RunResult* run_ = nullptr;
  PathInputs& inputs_;
  Callees& callees_;
  const Path* guide_ = nullptr;
  Environment environment_;
  ir::Substitution state_;
  Memory memory_;
  Path path_;
  ir::Graph::NodeId node_ = ir::Graph::none;
  unsigned successor_ = 0;
  unsigned depth_ = 0;
  std::size_t steps_ = 0;
  bool running_ = true;
};

}  // namespace

Path follow(const ir::Function& function, Side side, const RunResult& run, PathInputs& inputs, Callees& callees,
            const Path* guide) {
  return Follower(function, side, run, inputs, callees, guide).follow();
}

}  // namespace validator::replay
