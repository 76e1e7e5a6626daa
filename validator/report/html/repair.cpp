// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/repair.hpp"

#include <algorithm>
#include <bit>
#include <map>
#include <unordered_map>

#include <fmt/format.h>

#include "ir/build.hpp"

namespace validator::report::html {
namespace {

using ir::Graph;
using ir::Term;

constexpr std::size_t most_values = 100, most_addresses = 16, most_instructions = 200;

bool is_register(Term variable) {
  return variable.sort() == ir::Sort::bitvec(64) && (variable.name().starts_with("X") || variable.name() == "SP");
}

template <typename Value>
void add_new(std::vector<Value>& list, Value value) {
  if (std::ranges::find(list, value) == list.end()) list.push_back(value);
}

/// Every instruction up to the difference, in the order in which they ran first.
std::vector<Instruction> instructions_of(const Ways& binary, std::size_t before) {
  std::vector<Instruction> list;
  std::map<std::uint64_t, std::size_t> index;
  std::uint64_t now = 0;
  const std::vector<Step>& steps = binary.steps.list;
  for (std::size_t i = 0; i < std::min(before + 1, steps.size()); ++i) {
    const std::uint64_t address = binary.graph.at(steps[i].node).address;
    if (address == 0) continue;
    const auto [at, is_new] = index.try_emplace(address, list.size());
    if (is_new) list.push_back({address, {}, {}, 0});
    Instruction& instruction = list[at->second];
    instruction.times += address != now || steps[i].node == instruction.nodes.front();
    now = address;
    if (instruction.times == 1) instruction.steps.push_back(i);
    add_new(instruction.nodes, steps[i].node);
  }
  if (list.size() > most_instructions) list.erase(list.begin(), list.end() - most_instructions);
  return list;
}

class Repairs {
 public:
  Repairs(const Failure& failure, const Ways& source, const Ways& binary, const Wanted& wanted)
      : failure_(failure),
        source_(source),
        binary_(binary),
        list_(instructions_of(binary, wanted.before)),
        workshop_(failure, source, binary) {
    for (const Term variable : wanted.variables) add_new(read_, variable);
    collect_values();
  }

  std::optional<Repair> find(const std::vector<std::size_t>& chain) {
    std::set<std::size_t> makers = instructions_at(chain), flags;
    for (std::size_t i = list_.size(); i-- > 0;) {
      const std::size_t last = list_[i].steps.back();
      if (binary_.steps.list[last].branch < 0) continue;
      const std::vector<std::size_t> made =
          made_by(binary_.steps, {last, binary_.steps.list[last].reads, std::nullopt});
      if (!made.empty()) flags.merge(instructions_at({made.front()}));
      if (take_other_way(list_[i])) makers.merge(instructions_at(made));
    }
    flags.insert(makers.begin(), makers.end());
    for (const std::size_t i : flags) give_other_flags(list_[i]);
    for (const Instruction& instruction : list_) use_other_address(instruction);
    for (const std::size_t i : makers) give_other_value(list_[i]);
    if (!workshop_.best()) {
      for (auto i = list_.rbegin(); i != list_.rend(); ++i) write_other_register(*i);
    }
    return workshop_.best();
  }

 private:
  std::set<std::size_t> instructions_at(const std::vector<std::size_t>& steps) {
    std::set<std::size_t> result;
    for (const std::size_t step : steps) {
      const auto at =
          std::ranges::find(list_, binary_.graph.at(binary_.steps.list[step].node).address, &Instruction::address);
      if (at == list_.end()) continue;
      result.insert(static_cast<std::size_t>(at - list_.begin()));
      for (const Term variable : binary_.steps.list[step].reads) add_new(read_, variable);
    }
    return result;
  }

  /// What is expected, what a caller's registers had, and whatever the source has in its run.
  void collect_values() {
    const auto add = [&](ir::u128 value) {
      if (values_.size() < most_values) add_new(values_, static_cast<std::uint64_t>(value));
    };
    const replay::EntryState& entry = failure_.counterexample.entry;
    const replay::Comparison& comparison = failure_.confirmation.comparison;
    add(comparison.difference.source_value);
    add(entry.sp);
    for (const replay::SlotValue& result : comparison.source.results) add(result.value);
    for (auto step = source_.steps.list.rbegin(); step != source_.steps.list.rend(); ++step) {
      if (step->memory) add(step->memory->value);
      for (const auto& [variable, value] : step->sets) {
        if (value) add(*value);
      }
    }
    for (const std::uint64_t x : entry.x) add(x);
    for (const std::uint64_t value : std::set<std::uint64_t>(source_.steps.values.begin(), source_.steps.values.end()))
      add(value);
  }

  bool take_other_way(const Instruction& instruction) {
    ir::Function changed = failure_.problem.binary;
    for (const Graph::NodeId node : instruction.nodes) {
      if (auto* cond = std::get_if<ir::Cond>(&changed.graph.at(node).node))
        cond->condition = ir::logical_not(cond->condition);
    }
    return workshop_.try_this(changed, instruction, {0, true, "", 1});
  }

  /// As after comparing less with more, equals, and more with less.
  void give_other_flags(const Instruction& instruction) {
    constexpr bool flags[3][4] = {{true, false, false, false}, {false, true, true, false}, {false, false, true, false}};
    for (const auto& nzcv : flags) {
      ir::Function changed = failure_.problem.binary;
      bool any = false;
      for (const Graph::NodeId node : instruction.nodes) {
        auto* basic = std::get_if<ir::Basic>(&changed.graph.at(node).node);
        if (basic == nullptr) continue;
        for (ir::Binding& binding : basic->assignments) {
          const std::size_t flag = std::string_view("NZCV").find(binding.variable.name());
          if (!binding.variable.sort().is_bool() || flag == std::string_view::npos) continue;
          binding.value = ir::boolean(nzcv[flag]);
          any = true;
        }
      }
      if (any && workshop_.try_this(changed, instruction, {0, false, "another outcome of the comparison", 2})) return;
    }
  }

  /// What the same side of the other program accesses, and the function's own frame, nearest first.
  std::vector<std::uint64_t> distances_from(const MemoryStep& access) const {
    std::vector<std::uint64_t> list;
    for (const replay::Access& other : failure_.confirmation.comparison.source.accesses) {
      if (!other.by_environment && other.is_write == access.writes) add_new(list, other.address - access.address);
    }
    for (const replay::Access& other : failure_.confirmation.comparison.binary.accesses) {
      if (!other.by_environment && failure_.counterexample.entry.sp - other.address < frame_bytes)
        add_new(list, other.address - access.address);
    }
    std::ranges::sort(list, {}, [](std::uint64_t distance) { return std::min(distance, -distance); });
    if (!list.empty() && list.front() == 0) list.erase(list.begin());
    if (list.size() > most_addresses) list.resize(most_addresses);
    return list;
  }

  void use_other_address(const Instruction& instruction) {
    for (const std::size_t step : instruction.steps) {
      const std::optional<MemoryStep>& access = binary_.steps.list[step].memory;
      if (!access) continue;
      for (const std::uint64_t distance : distances_from(*access)) {
        ir::Function changed = failure_.problem.binary;
        for (const Graph::NodeId node : instruction.nodes) {
          ir::Node& data = changed.graph.at(node).node;
          if (auto* load = std::get_if<ir::Load>(&data)) load->address = ir::add(load->address, ir::bv(distance, 64));
          if (auto* store = std::get_if<ir::Store>(&data))
            store->address = ir::add(store->address, ir::bv(distance, 64));
        }
        const bool lower = distance >> 63 != 0;
        const std::uint64_t bytes = lower ? -distance : distance;
        if (workshop_.try_this(changed, instruction,
                               {0, false, fmt::format("an address that is {:#x} {}", bytes, lower ? "lower" : "higher"),
                                bytes <= 64 ? 0U : 5U}))
          return;
      }
      return;
    }
  }

  /// Registers as they are before a step.
  std::unordered_map<Term, std::uint64_t> registers_before(std::size_t step) const {
    std::unordered_map<Term, std::uint64_t> registers;
    const replay::EntryState& entry = failure_.counterexample.entry;
    for (unsigned i = 0; i < entry.x.size(); ++i)
      registers[ir::var("X" + std::to_string(i), ir::Sort::bitvec(64))] = entry.x[i];
    for (std::size_t i = 0; i < step; ++i) {
      for (const auto& [variable, value] : binary_.steps.list[i].sets) {
        if (value && is_register(variable)) registers[variable] = static_cast<std::uint64_t>(*value);
      }
    }
    return registers;
  }

  void give_other_value(const Instruction& instruction) {
    for (const std::size_t at : instruction.steps) {
      const Step& step = binary_.steps.list[at];
      const auto registers = registers_before(at);
      const auto change_all = [&](std::uint64_t now, const auto& attempt) {
        for (const auto& [name, value] : registers) {
          if (value != now && std::ranges::find(values_, value) != values_.end())
            attempt(name, fmt::format("the value of {}", name_text(name.name())), 1U);
        }
        for (const std::uint64_t other : values_) {
          for (unsigned part = 0; part < 64; part += 16) {
            const std::uint64_t piece = 0xffffULL << part;
            const std::uint64_t value = (now & ~piece) | (other & piece);
            if (value == now || value == other) continue;
            if (other == values_.front())
              attempt(ir::bv(value, 64), fmt::format("{:#x} instead of {:#x}", value, now), 2U);
          }
          if (other == now) continue;
          const bool close = std::min(other - now, now - other) <= 64 || std::popcount(other ^ now) == 1;
          const Term constant = ir::bv(instruction.times == 1 ? other : other - now, 64);
          attempt(constant, fmt::format("{:#x} instead of {:#x}", other, now), close ? 3U : 4U);
        }
      };
      for (const auto& [variable, value] : step.sets) {
        if (!value || !is_register(variable) || step.event) continue;
        swap_choice(instruction, step.node, variable);
        change_all(static_cast<std::uint64_t>(*value),
                   [&, variable = variable](Term other, const std::string& how, unsigned cost) {
                     try_value(instruction, step.node, variable, other, how, cost);
                   });
      }
      if (!step.memory || !step.memory->writes) continue;
      change_all(static_cast<std::uint64_t>(step.memory->value),
                 [&](Term other, const std::string& how, unsigned cost) {
                   ir::Function changed = failure_.problem.binary;
                   auto* store = std::get_if<ir::Store>(&changed.graph.at(step.node).node);
                   if (store == nullptr || store->bytes > 8) return;
                   store->value = ir::extract(8 * store->bytes - 1, 0, other);
                   workshop_.try_this(changed, instruction, {0, false, how + " stored", cost});
                 });
    }
  }

  /// Of csel and its like: the other one of the two.
  void swap_choice(const Instruction& instruction, Graph::NodeId node, Term variable) {
    ir::Function changed = failure_.problem.binary;
    auto* basic = std::get_if<ir::Basic>(&changed.graph.at(node).node);
    if (basic == nullptr) return;
    for (ir::Binding& binding : basic->assignments) {
      if (binding.variable != variable || !binding.value.is(ir::Op::ite)) continue;
      const auto args = binding.value.args();
      binding.value = ir::ite(args[0], args[2], args[1]);
      workshop_.try_this(changed, instruction, {0, false, "the other one of the two values", 0});
    }
  }

  void try_value(const Instruction& instruction, Graph::NodeId node, Term variable, Term other, const std::string& how,
                 unsigned cost) {
    ir::Function changed = failure_.problem.binary;
    ir::Node& data = changed.graph.at(node).node;
    const bool adds = other.is_constant() && instruction.times > 1;
    if (auto* basic = std::get_if<ir::Basic>(&data)) {
      for (ir::Binding& binding : basic->assignments) {
        if (binding.variable == variable) binding.value = adds ? ir::add(binding.value, other) : other;
      }
    } else if (std::holds_alternative<ir::Load>(data) && !adds) {
      data = ir::Basic{{{variable, other}}};
    } else {
      return;
    }
    workshop_.try_this(changed, instruction, {0, false, how, cost});
  }

  /// The right value in the wrong register.
  void write_other_register(const Instruction& instruction) {
    for (const Term other : read_) {
      if (!is_register(other)) continue;
      ir::Function changed = failure_.problem.binary;
      bool any = false;
      for (const Graph::NodeId node : instruction.nodes) {
        const auto redirect = [&](Term& variable) {
          if (!is_register(variable) || variable == other) return;
          variable = other;
          any = true;
        };
        ir::Node& data = changed.graph.at(node).node;
        if (auto* load = std::get_if<ir::Load>(&data)) redirect(load->result);
        auto* basic = std::get_if<ir::Basic>(&data);
        if (basic != nullptr && basic->assignments.size() == 1) redirect(basic->assignments.front().variable);
      }
      if (any)
        workshop_.try_this(changed, instruction,
                           {0, false, fmt::format("{} as its target", name_text(other.name())), 1});
    }
  }

  const Failure& failure_;
  const Ways& source_;
  const Ways& binary_;
  std::vector<Instruction> list_;
  std::vector<std::uint64_t> values_;
  std::vector<Term> read_;  ///< by whatever made the value that differs
  Workshop workshop_;
};

}  // namespace

std::optional<Repair> find_repair(const Failure& failure, const Ways& source, const Ways& binary,
                                  const std::vector<std::size_t>& chain, const Wanted& wanted) {
  return Repairs(failure, source, binary, wanted).find(chain);
}

Suspicion as_suspicion(const Repair& repair, const Ways& binary) {
  if (!repair.is_branch)
    return {repair.step, std::nullopt, "explains it: with " + repair.how + ", both sides agree in this run"};
  const Steps& steps = binary.steps;
  std::size_t branch = repair.step;
  while (branch + 1 < steps.list.size() && steps.list[branch].branch < 0) ++branch;
  const std::vector<std::size_t> made = made_by(steps, {branch, steps.list[branch].reads, std::nullopt});
  return {branch, made.empty() ? std::nullopt : std::optional(made.front()),
          "explains it: had it gone the other way, both sides would agree in this run"};
}

}  // namespace validator::report::html
