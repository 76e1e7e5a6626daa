// SPDX-License-Identifier: Apache-2.0
#include "tests/mutation/equivalence.hpp"

#include <algorithm>

#include "ir/build.hpp"
#include "ir/smt.hpp"

namespace mutation {
namespace {

using ir::Term;

constexpr unsigned max_words = 400;         // over all paths of one function
constexpr std::uint64_t frame_bytes = 4096;  // more than any frame of the functions compared

struct State {
  std::map<std::string, Term> variables;
  Term memory;
  Term frame;  ///< memory again, for accesses at SP plus a constant: A3 says that no other access reaches these bytes
};

struct Unsupported {
  std::string text;
};

State entry_state() {
  State state;
  for (unsigned i = 0; i <= 30; ++i) {
    const std::string name = "X" + std::to_string(i);
    state.variables[name] = ir::var(name, ir::Sort::bitvec(64));
  }
  state.variables["SP"] = ir::var("SP", ir::Sort::bitvec(64));
  for (const char* flag : {"N", "Z", "C", "V"}) state.variables[flag] = ir::var(flag, ir::Sort::boolean());
  state.memory = ir::var("mutation.memory", ir::Sort::memory());
  state.frame = ir::var("mutation.frame", ir::Sort::memory());
  return state;
}

class Runner {
 public:
  Runner(const isa::Models& models, const Code& code) : models_(models), code_(code) {}

  /// The state at the return, with the return address as variable "PC".
  State run(std::uint64_t address, State state, Term path) {
    while (true) {
      const std::optional<std::uint32_t> word = code_(address);
      if (!word) throw Unsupported{"control leaves the function"};
      if (++words_ > max_words) throw Unsupported{"a loop or too many paths"};
      const ir::Result<isa::Lifted> lifted = models_.lift(*word, address);
      if (!lifted) throw Unsupported{lifted.error().message};
      const isa::Transfer& transfer = lifted->transfer;
      ir::Substitution before = step(*lifted, state, path);
      switch (transfer.kind) {
        case isa::Transfer::Kind::none:
          address += 4;
          break;
        case isa::Transfer::Kind::branch: {
          const Term condition = ir::substitute(transfer.condition, before);
          if (condition.is_constant()) {
            address = condition.is_true() ? transfer.target : address + 4;
            break;
          }
          return merge(condition, run(transfer.target, state, ir::logical_and(path, condition)),
                       run(address + 4, state, ir::logical_and(path, ir::logical_not(condition))));
        }
        case isa::Transfer::Kind::indirect:  // BR leaves as RET does: the target is compared, not the branch type
        case isa::Transfer::Kind::returns:
          state.variables["PC"] = ir::substitute(transfer.indirect_target, before);
          return state;
        default:
          throw Unsupported{"a call or an exception"};
      }
    }
  }

  /// For each access that is not addressed from SP, that it lies outside the frame.
  const std::vector<Term>& outside_frame() const { return outside_frame_; }

 private:
  /// The memory that an access at this address uses.
  Term& memory_of(State& state, Term address, unsigned bytes, Term path) {
    const Term sp = ir::var("SP", ir::Sort::bitvec(64));
    if (ir::base_offset(address).base == sp) return state.frame;
    const std::vector<Term> used = ir::variables_of(address);
    if (std::find(used.begin(), used.end(), sp) != used.end()) throw Unsupported{"an address computed from SP"};
    const Term below = ir::sub(address, ir::sub(sp, ir::bv(frame_bytes, 64)));
    const Term clear = ir::logical_and(ir::ule(ir::bv(frame_bytes, 64), below), ir::ule(below, ir::bv(-std::uint64_t{bytes}, 64)));
    outside_frame_.push_back(ir::implies(path, clear));
    return state.memory;
  }

  /// Executes ops and assignments; returns the substitution of the state before, with the temporaries.
  ir::Substitution step(const isa::Lifted& lifted, State& state, Term path) {
    ir::Substitution before;
    for (const auto& [name, value] : state.variables) {
      before[ir::var(name, value.sort())] = value;
    }
    for (const isa::MicroOp& op : lifted.ops) {
      if (const auto* load = std::get_if<ir::Load>(&op)) {
        const Term address = ir::substitute(load->address, before);
        before[load->result] = ir::load(memory_of(state, address, load->bytes, path), address, load->bytes);
      } else if (const auto* store = std::get_if<ir::Store>(&op)) {
        const Term address = ir::substitute(store->address, before);
        Term& memory = memory_of(state, address, store->bytes, path);
        memory = ir::store(memory, address, ir::substitute(store->value, before));
      } else {
        throw Unsupported{"an effect"};
      }
    }
    for (const ir::Binding& binding : lifted.assignments) {
      state.variables[binding.variable.name()] = ir::substitute(binding.value, before);
    }
    return before;
  }

  static State merge(Term condition, const State& a, const State& b) {
    State out;
    for (const auto& [name, value] : a.variables) out.variables[name] = ir::ite(condition, value, b.variables.at(name));
    out.memory = ir::ite(condition, a.memory, b.memory);
    out.frame = ir::ite(condition, a.frame, b.frame);
    return out;
  }

  const isa::Models& models_;
  const Code& code_;
  unsigned words_ = 0;
  std::vector<Term> outside_frame_;
};

Term same_end(const State& a, const State& b, unsigned result_bits) {
  std::vector<Term> parts;
  const auto same = [&](const std::string& name) { parts.push_back(ir::eq(a.variables.at(name), b.variables.at(name))); };
  for (unsigned i = 19; i <= 30; ++i) same("X" + std::to_string(i));
  same("SP");
  same("PC");
  if (result_bits > 0) {
    const unsigned top = std::min(result_bits, 64U) - 1;
    const Term left = ir::extract(top, 0, a.variables.at("X0"));
    parts.push_back(ir::eq(left, ir::extract(top, 0, b.variables.at("X0"))));
  }
  if (result_bits > 64) same("X1");
  parts.push_back(ir::eq(a.memory, b.memory));
  return ir::logical_and(parts);
}

}  // namespace

Compared compare(const isa::Models& models, const Code& left, const Code& right, std::uint64_t entry, unsigned result_bits) {
  Compared out;
  try {
    Runner original(models, left);
    const State a = original.run(entry, entry_state(), ir::boolean(true));
    Runner mutant(models, right);
    const State b = mutant.run(entry, entry_state(), ir::boolean(true));
    const Term allowed = ir::logical_and(original.outside_frame());
    const Term goal = ir::implies(allowed, ir::logical_and(same_end(a, b, result_bits), ir::logical_and(mutant.outside_frame())));
    if (goal.is_true()) {
      out.comparison = Comparison::equal;
      return out;
    }
    for (const ir::MemoryEncoding encoding : {ir::MemoryEncoding::bytes, ir::MemoryEncoding::words}) {
      ir::SolverOptions options;
      options.encoding = encoding;
      options.keep_text = true;
      ir::Solver solver(options);
      const ir::Answer answer = solver.prove(goal);
      out.smt2 = solver.last_query_smt2();
      out.text = answer == ir::Answer::unknown ? solver.unknown_reason() : "";
      if (answer == ir::Answer::valid) out.comparison = Comparison::equal;
      if (answer == ir::Answer::invalid) out.comparison = Comparison::different;
      if (answer != ir::Answer::unknown) break;
    }
  } catch (const Unsupported& reason) {
    out.text = reason.text;
  }
  return out;
}

}  // namespace mutation
