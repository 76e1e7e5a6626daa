// SPDX-License-Identifier: Apache-2.0
// Liveness by bits: of a register either nothing, its low 32 bits or all is read later.
#include "tests/mutation/local.hpp"

#include <algorithm>
#include <unordered_set>

#include "ir/build.hpp"
#include "ir/smt.hpp"

namespace mutation {
namespace {

using ir::Term;
using Kind = isa::Transfer::Kind;

constexpr unsigned all = 64, half = 32;

/// Variable -> how many of its low bits are read.
using Demand = std::map<std::string, unsigned>;

void need(Demand& demand, const std::string& name, unsigned bits) {
  unsigned& known = demand[name];
  known = std::max(known, bits);
}

/// What a term reads of its variables.
void read_by(Term root, Demand& demand) {
  if (!root) return;
  std::unordered_set<Term> seen;
  std::vector<Term> work{root};
  while (!work.empty()) {
    const Term term = work.back();
    work.pop_back();
    if (!seen.insert(term).second) continue;
    if (term.is_variable()) need(demand, term.name(), all);
    if (term.is(ir::Op::extract) && term.arg(0).is_variable() && term.hi() < half) {
      need(demand, term.arg(0).name(), half);
      continue;
    }
    for (Term arg : term.args()) work.push_back(arg);
  }
}

Term low(Term value, unsigned bits) {
  return value.sort().is_bitvec() && bits < value.width() ? ir::extract(bits - 1, 0, value) : value;
}

std::string x(unsigned index) { return "X" + std::to_string(index); }

/// What a call reads, and whatever is read behind it: a caller may know that its callee leaves a temporary alone.
Demand before_call(Demand after) {
  for (unsigned i = 0; i <= 8; ++i) need(after, x(i), all);
  for (const char* name : {"X30", "SP"}) need(after, name, all);
  return after;
}

Demand everything() {
  Demand demand;
  for (unsigned i = 0; i <= 30; ++i) need(demand, x(i), all);
  for (const char* name : {"SP", "N", "Z", "C", "V"}) need(demand, name, all);
  return demand;
}

Demand at_return(unsigned result_bits) {
  Demand demand;
  if (result_bits > 0) need(demand, "X0", result_bits <= half ? half : all);
  if (result_bits > 64) need(demand, "X1", all);
  for (unsigned i = 19; i <= 30; ++i) need(demand, x(i), all);
  need(demand, "SP", all);
  return demand;
}

struct Step {
  isa::Lifted lifted;
  std::vector<std::uint64_t> next;  ///< inside the function
  bool leaves = false;              ///< also to where the function ends or another begins
};

class Function {
 public:
  Function(const isa::Models& models, const Code& code, std::uint64_t begin, std::uint64_t end, unsigned result_bits)
      : begin_(begin), end_(end), result_bits_(result_bits) {
    for (std::uint64_t address = begin; address < end; address += 4) {
      const auto word = code(address);
      auto lifted = word ? models.lift(*word, address) : ir::Result<isa::Lifted>(ir::Error{"no-word", "", {}});
      if (lifted) add(address, std::move(*lifted));
    }
    solve();
  }

  bool known(std::uint64_t address) const { return steps_.contains(address); }
  const isa::Lifted& lifted(std::uint64_t address) const { return steps_.at(address).lifted; }
  Demand after(std::uint64_t address) const { return after(steps_.at(address)); }

 private:
  void add(std::uint64_t address, isa::Lifted lifted) {
    Step step{std::move(lifted), {}, false};
    const isa::Transfer& transfer = step.lifted.transfer;
    const auto go = [&](std::uint64_t to) { to >= begin_ && to < end_ ? step.next.push_back(to) : void(step.leaves = true); };
    const bool falls = transfer.kind == Kind::none || transfer.kind == Kind::call || transfer.kind == Kind::indirect_call ||
                       (transfer.kind == Kind::branch && !transfer.condition.is_true());
    if (transfer.kind == Kind::branch && !transfer.condition.is_false()) go(transfer.target);
    if (falls) go(address + 4);
    if (!falls && transfer.kind != Kind::branch) step.leaves = true;
    steps_.emplace(address, std::move(step));
  }

  /// Everything that any way out could read.
  Demand at_exit(const Step& step) const {
    if (step.lifted.transfer.kind == Kind::returns) return at_return(result_bits_);
    return everything();
  }

  Demand after(const Step& step) const {
    Demand demand = step.leaves ? at_exit(step) : Demand();
    for (const std::uint64_t next : step.next) {
      const auto found = before_.find(next);
      for (const auto& [name, bits] : !known(next) ? everything() : found == before_.end() ? Demand() : found->second) need(demand, name, bits);
    }
    const bool calls = step.lifted.transfer.kind == Kind::call || step.lifted.transfer.kind == Kind::indirect_call;
    return calls ? before_call(std::move(demand)) : demand;
  }

  Demand before(const Step& step) const {
    Demand demand = after(step);
    Demand read;
    for (const ir::Binding& binding : step.lifted.assignments) {
      const auto found = demand.find(binding.variable.name());
      if (found == demand.end()) continue;
      read_by(low(binding.value, found->second), read);
      demand.erase(found);
    }
    for (const isa::MicroOp& op : step.lifted.ops) {
      if (const auto* load = std::get_if<ir::Load>(&op)) read_by(load->address, read);
      if (const auto* store = std::get_if<ir::Store>(&op)) read_by(store->address, read), read_by(store->value, read);
      if (const auto* effect = std::get_if<ir::Effect>(&op)) {
        for (Term operand : effect->operands) read_by(operand, read);
      }
    }
    read_by(step.lifted.transfer.condition, read);
    read_by(step.lifted.transfer.indirect_target, read);
    for (const auto& [name, bits] : read) need(demand, name, bits);
    return demand;
  }

  void solve() {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto step = steps_.rbegin(); step != steps_.rend(); ++step) {
        Demand now = before(step->second);
        Demand& known = before_[step->first];
        if (now == known) continue;
        known = std::move(now);
        changed = true;
      }
    }
  }

  std::uint64_t begin_, end_;
  unsigned result_bits_;
  std::map<std::uint64_t, Step> steps_;
  std::map<std::uint64_t, Demand> before_;
};

/// Equations under which the two instructions do the same; nothing when their shapes differ.
std::optional<std::vector<Term>> same_step(const isa::Lifted& left, const isa::Lifted& right, const Demand& after) {
  std::vector<Term> equations;
  ir::Substitution names;  // temporaries of the right one, by those of the left
  const auto same = [&](Term a, Term b) {
    if (!a || !b) return !a && !b;
    b = ir::substitute(b, names);
    if (a.sort() != b.sort()) return false;
    equations.push_back(ir::eq(a, b));
    return true;
  };
  const auto same_result = [&](Term a, Term b) {
    if (!a || !b) return !a && !b;
    if (a.sort() != b.sort()) return false;
    names[b] = a;
    return true;
  };
  if (left.ops.size() != right.ops.size()) return std::nullopt;
  for (std::size_t i = 0; i < left.ops.size(); ++i) {
    if (left.ops[i].index() != right.ops[i].index()) return std::nullopt;
    if (const auto* a = std::get_if<ir::Load>(&left.ops[i])) {
      const auto& b = std::get<ir::Load>(right.ops[i]);
      const bool alike = a->bytes == b.bytes && a->order == b.order && a->single_copy == b.single_copy;
      if (!alike || !same(a->address, b.address) || !same_result(a->result, b.result)) return std::nullopt;
    } else if (const auto* a = std::get_if<ir::Store>(&left.ops[i])) {
      const auto& b = std::get<ir::Store>(right.ops[i]);
      const bool alike = a->bytes == b.bytes && a->order == b.order && a->single_copy == b.single_copy;
      if (!alike || !same(a->address, b.address) || !same(a->value, b.value)) return std::nullopt;
    } else {
      const auto &a_effect = std::get<ir::Effect>(left.ops[i]), &b_effect = std::get<ir::Effect>(right.ops[i]);
      const bool alike = a_effect.kind == b_effect.kind && a_effect.detail == b_effect.detail && a_effect.bytes == b_effect.bytes &&
                         a_effect.order == b_effect.order && a_effect.operands.size() == b_effect.operands.size();
      if (!alike || !same_result(a_effect.result, b_effect.result)) return std::nullopt;
      for (std::size_t k = 0; k < a_effect.operands.size(); ++k) {
        if (!same(a_effect.operands[k], b_effect.operands[k])) return std::nullopt;
      }
    }
  }
  const auto value = [](const isa::Lifted& step, const std::string& name) -> Term {
    for (const ir::Binding& binding : step.assignments) {
      if (binding.variable.name() == name) return binding.value;
    }
    const bool flag = name.size() == 1;
    return ir::var(name, flag ? ir::Sort::boolean() : ir::Sort::bitvec(64));
  };
  for (const auto& [name, bits] : after) {
    const Term a = value(left, name), b = value(right, name);
    if (!same(low(a, bits), low(ir::substitute(b, names), bits))) return std::nullopt;
  }
  const isa::Transfer &a = left.transfer, &b = right.transfer;
  if (a.kind != b.kind || (a.kind == Kind::branch && a.target != b.target) || (a.kind == Kind::call && a.target != b.target)) return std::nullopt;
  if (!same(a.condition, b.condition) || !same(a.indirect_target, b.indirect_target)) return std::nullopt;
  return equations;
}

}  // namespace

Compared compare_in_place(const isa::Models& models, const Code& code, std::uint64_t begin, std::uint64_t end, std::uint64_t changed,
                          std::uint32_t word, unsigned result_bits) {
  Compared out;
  const Function function(models, code, begin, end, result_bits);
  const ir::Result<isa::Lifted> mutant = models.lift(word, changed);
  if (!function.known(changed) || !mutant) {
    out.text = "a word without a meaning";
    return out;
  }
  const auto equations = same_step(function.lifted(changed), *mutant, function.after(changed));
  if (!equations) {
    out.text = "another kind of step";
    return out;
  }
  const Term goal = ir::logical_and(*equations);
  ir::SolverOptions options;
  options.keep_text = true;
  ir::Solver solver(options);
  if (!goal.is_true() && solver.prove(goal) != ir::Answer::valid) {
    out.text = "a register that is read later differs";
    return out;
  }
  out.comparison = Comparison::equal;
  if (!goal.is_true()) out.smt2 = solver.last_query_smt2();
  return out;
}

}  // namespace mutation
