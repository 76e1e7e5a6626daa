// SPDX-License-Identifier: Apache-2.0
// The walk. It starts at the function's first byte and follows every edge that a word can take; indirect branches are
// looked at again whenever new code was found, because a new back edge can widen what a register holds.
#include "validator/binary/flow.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ir/build.hpp"

namespace validator::binary {

namespace {

using Kind = isa::Transfer::Kind;

constexpr std::size_t max_steps = 100'000;
constexpr std::size_t max_indirect_rounds = 64;

/// Makes temporaries unique in the function and resolves loads from constant read-only addresses.
void prepare(isa::Lifted& lifted, const Image& image, unsigned& temporaries) {
  if (lifted.ops.empty()) return;
  ir::Substitution names;
  const auto renamed = [&](ir::Term term) { return term ? ir::substitute(term, names) : term; };
  const auto rename_result = [&](ir::Term& result) {
    if (!result) return;
    IR_ASSERT(result.sort().is_bitvec());
    const ir::Term name = ir::var(fmt::format("t{}w{}", temporaries++, result.width()), result.sort());
    names[result] = name;
    result = name;
  };
  std::vector<isa::MicroOp> ops;
  for (isa::MicroOp& op : lifted.ops) {
    if (auto* load = std::get_if<ir::Load>(&op)) {
      load->address = renamed(load->address);
      if (load->address.is_constant() && load->order == ir::Order::plain) {
        if (const auto value = image.read_only(load->address.value64(), load->bytes)) {
          names[load->result] = ir::bv(*value, load->bytes * 8);
          continue;
        }
      }
      rename_result(load->result);
    } else if (auto* store = std::get_if<ir::Store>(&op)) {
      store->address = renamed(store->address);
      store->value = renamed(store->value);
    } else {
      auto& effect = std::get<ir::Effect>(op);
      for (ir::Term& operand : effect.operands) operand = renamed(operand);
      rename_result(effect.result);
    }
    ops.push_back(std::move(op));
  }
  lifted.ops = std::move(ops);
  for (ir::Binding& binding : lifted.assignments) binding.value = renamed(binding.value);
  lifted.transfer.condition = renamed(lifted.transfer.condition);
  lifted.transfer.indirect_target = renamed(lifted.transfer.indirect_target);
}

class Walk {
 public:
  Walk(const FunctionEntry& function, const FunctionTable& functions, WordLifter& words)
      : functions_(functions), words_(words) {
    flow_.function = &function;
  }

  ir::Result<Flow> run() {
    pending_.push_back(flow_.function->address);
    for (std::size_t round = 0; round < max_indirect_rounds; ++round) {
      if (auto error = drain()) return *error;
      if (!propose()) return std::move(flow_);
    }
    return ir::Error{"lift-too-large", "the targets of the indirect branches keep growing", {}};
  }

 private:
  std::optional<ir::Error> drain() {
    while (!pending_.empty()) {
      const std::uint64_t address = pending_.back();
      pending_.pop_back();
      if (flow_.steps.contains(address)) continue;
      if (flow_.steps.size() >= max_steps) {
        return ir::Error{"lift-too-large", fmt::format("more than {} instructions are reachable", max_steps), {}};
      }
      auto lifted = words_.lift(*functions_.word(address), address);
      if (!lifted) return lifted.error();
      prepare(*lifted, functions_.image(), flow_.temporaries);
      if (lifted->transfer.kind == Kind::indirect) indirect_.insert(address);
      const Step& step = flow_.steps.emplace(address, Step{address, std::move(*lifted), {}}).first->second;
      const FunctionEntry* home = functions_.containing(address);
      if (home != nullptr && home->address != flow_.function->address && !inside_own(address)) flow_.covers.insert(home->key);
      follow(step);
    }
    return std::nullopt;
  }

  bool inside_own(std::uint64_t address) const {
    return address >= flow_.function->address && address < flow_.function->end;
  }

  void follow(const Step& step) {
    for (const Destination& next : flow_.after(functions_, step)) {
      if (next.kind == Destination::Kind::inside) pending_.push_back(next.address);
    }
  }

  bool propose() {
    bool changed = false;
    for (const std::uint64_t address : indirect_) {
      const JumpTargets found = find_jump_targets(flow_, functions_, address);
      std::vector<std::uint64_t>& known = flow_.steps.at(address).proposed;
      std::vector<std::uint64_t> all;
      std::ranges::set_union(known, found.targets, std::back_inserter(all));
      if (all == known) continue;
      known = std::move(all);
      changed = true;
      if (found.table_bytes != 0) {
        std::uint64_t& bytes = flow_.tables[found.table];
        bytes = std::max(bytes, found.table_bytes);
      }
      follow(flow_.steps.at(address));
    }
    return changed;
  }

  const FunctionTable& functions_;
  WordLifter& words_;
  Flow flow_;
  std::vector<std::uint64_t> pending_;
  std::set<std::uint64_t> indirect_;
};

}  // namespace

Destination Flow::jump(const FunctionTable& functions, std::uint64_t to) const {
  using enum Destination::Kind;
  if (!functions.is_code(to)) return {nowhere, to, fmt::format("a jump to {:#x}, where there is no code", to)};
  if (to >= function->address && to < function->end) return {inside, to, {}};
  const FunctionEntry* other = functions.at(to);
  if (other != nullptr && !other->is_split_part && !other->is_veneer) return {tail_call, to, {}};
  return {inside, to, {}};
}

Destination Flow::fall_through(const FunctionTable& functions, std::uint64_t from) const {
  using enum Destination::Kind;
  const std::uint64_t to = from + 4;
  if (from >= function->address && from < function->end && to < function->end) {
    if (functions.is_code(to)) return {inside, to, {}};
    return {nowhere, to, fmt::format("control would run into data at {:#x}", to)};
  }
  const FunctionEntry* home = functions.containing(from);
  if (home != nullptr && to >= home->end && home->sized) {
    return {nowhere, to, fmt::format("control would run past the last byte of {}", home->key)};
  }
  if (!functions.is_code(to)) return {nowhere, to, fmt::format("control would run into data at {:#x}", to)};
  const FunctionEntry* next = functions.at(to);
  if (next == nullptr) return {inside, to, {}};
  // Hand-written assembly without sizes may fall into its next label on purpose.
  if (!(home != nullptr ? home : function)->sized) return {tail_call, to, {}};
  return {nowhere, to, fmt::format("control would run into {}", next->key)};
}

std::vector<Destination> Flow::after(const FunctionTable& functions, const Step& step) const {
  const isa::Transfer& transfer = step.lifted.transfer;
  switch (transfer.kind) {
    case Kind::none:
    case Kind::call:
    case Kind::indirect_call:
      return {fall_through(functions, step.address)};
    case Kind::branch:
      if (transfer.condition.is_true()) return {jump(functions, transfer.target)};
      if (transfer.condition.is_false()) return {fall_through(functions, step.address)};
      return {jump(functions, transfer.target), fall_through(functions, step.address)};
    case Kind::indirect: {
      std::vector<Destination> all;
      for (const std::uint64_t target : step.proposed) all.push_back(jump(functions, target));
      return all;
    }
    case Kind::returns:
    case Kind::stop:
      return {};
  }
  return {};
}

ir::Result<Flow> recover_flow(const FunctionEntry& function, const FunctionTable& functions, WordLifter& words) {
  return Walk(function, functions, words).run();
}

}  // namespace validator::binary
