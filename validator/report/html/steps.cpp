// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/steps.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "ir/build.hpp"
#include "validator/check/node_terms.hpp"

namespace validator::report::html {
namespace {

using ir::Term;
using replay::RunResult;

template <typename Visit>
void for_each_part(Term root, const Visit& visit) {
  std::unordered_set<Term> seen;
  std::vector<Term> work{root};
  while (!work.empty()) {
    const Term term = work.back();
    work.pop_back();
    if (!term || !seen.insert(term).second) continue;
    visit(term);
    for (const Term arg : term.args()) work.push_back(arg);
  }
}

bool is_value(Term term) { return term.sort().is_bool() || term.width() > 0; }

class Walk {
 public:
  Walk(const ir::Function& function, const RunResult& run, const RunResult& binary, const replay::EntryState& entry)
      : function_(function), run_(run), is_binary_(run.side == replay::Side::binary) {
    if (is_binary_)
      start_binary(entry);
    else
      start_source(entry);
    for (const replay::Snapshot& snapshot : binary.snapshots) {
      if (snapshot.is_call) calls_.push_back(&snapshot);
    }
  }

  Steps run() {
    for (std::size_t i = 0; i < run_.path.size(); ++i) {
      const ir::Graph::NodeId node = run_.path[i];
      Step step;
      step.node = node;
      const ir::NodeData& data = function_.graph.at(node);
      check::for_each_read(data.node, [&](Term term) {
        for (const Term variable : variables_in(term)) step.reads.push_back(variable);
      });
      const bool is_event = event_ < run_.events.size() && run_.events[event_].node == node;
      if (is_event) step.event = event_;
      perform(data.node, step);
      event_ += is_event;
      if (std::holds_alternative<ir::Cond>(data.node) && i + 1 < run_.path.size()) {
        const auto next = function_.graph.successors(node);
        step.branch = next[0] == run_.path[i + 1] ? 0 : 1;
      }
      steps_.list.push_back(std::move(step));
    }
    return std::move(steps_);
  }

 private:
  void start_binary(const replay::EntryState& entry) {
    for (unsigned i = 0; i < entry.x.size(); ++i)
      values_.scalars[ir::var("X" + std::to_string(i), ir::Sort::bitvec(64))] = entry.x[i];
    values_.scalars[ir::var("SP", ir::Sort::bitvec(64))] = entry.sp;
    const std::pair<const char*, bool> flags[] = {{"N", entry.n}, {"Z", entry.z}, {"C", entry.c}, {"V", entry.v}};
    for (const auto& [name, value] : flags) values_.scalars[ir::var(name, ir::Sort::boolean())] = value;
    for (const std::uint64_t x : entry.x) steps_.values.insert(x);
  }

  void start_source(const replay::EntryState& entry) {
    for (const ir::AbiSlot& slot : function_.parameters) set(slot.term, entry.parameter(slot), nullptr);
    for (const replay::LocalSpan& local : run_.locals)
      set(ir::var(local.name, ir::Sort::bitvec(64)), local.address, nullptr);
    for (const auto& [name, place] : entry.globals) set(ir::var(name, ir::Sort::bitvec(64)), place.address, nullptr);
  }

  void set(Term variable, std::optional<ir::u128> value, Step* step) {
    if (step != nullptr) step->sets.emplace_back(variable, value);
    if (!value) {
      values_.scalars.erase(variable);
      return;
    }
    values_.scalars[variable] = *value;
    note(*value);
  }

  void note(ir::u128 value) { steps_.values.insert(static_cast<std::uint64_t>(value)); }

  std::optional<ir::u128> value_of(Term term) {
    bool known = static_cast<bool>(term) && is_value(term);
    for_each_part(term, [&](Term part) {
      known = known && !part.is(ir::Op::apply) && (!part.is_variable() || values_.scalars.contains(part));
    });
    if (!known) return std::nullopt;
    ir::Evaluator evaluator(values_);
    for_each_part(term, [&](Term part) {
      if (is_value(part)) note(evaluator.scalar(part));
    });
    return evaluator.scalar(term);
  }

  /// The node's next access.
  std::optional<MemoryStep> access(ir::Graph::NodeId node, bool writes) {
    for (std::size_t i = access_; i < run_.accesses.size(); ++i) {
      const replay::Access& access = run_.accesses[i];
      if (access.by_environment || access.node != node || access.is_write != writes) continue;
      access_ = i + 1;
      note(access.value);
      return MemoryStep{access.address, access.bytes, writes, access.value};
    }
    return std::nullopt;
  }

  std::optional<ir::u128> answer_of_call(std::size_t call, const ir::AbiSlot& slot) const {
    if (call >= calls_.size() || slot.place.kind != ir::AbiPlace::Kind::x_register || slot.place.index >= 31)
      return std::nullopt;
    const unsigned bits = slot.term.sort().is_bool() ? 1 : slot.term.width();
    const std::uint64_t mask = bits >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << bits) - 1;
    return calls_[call]->x[slot.place.index] & mask;
  }

  void take_over(const replay::Snapshot& snapshot, Step& step) {
    for (unsigned i = 0; i < snapshot.x.size(); ++i) {
      const Term variable = ir::var("X" + std::to_string(i), ir::Sort::bitvec(64));
      const auto before = values_.scalars.find(variable);
      if (before == values_.scalars.end() || before->second != snapshot.x[i]) set(variable, snapshot.x[i], &step);
    }
    const char* const names[] = {"N", "Z", "C", "V"};
    for (unsigned i = 0; i < 4; ++i) values_.scalars[ir::var(names[i], ir::Sort::boolean())] = snapshot.flags[i];
  }

  void perform(const ir::Node& node, Step& step) {
    if (const auto* basic = std::get_if<ir::Basic>(&node)) {
      std::vector<std::optional<ir::u128>> results;
      for (const ir::Binding& binding : basic->assignments) results.push_back(value_of(binding.value));
      for (std::size_t i = 0; i < results.size(); ++i) set(basic->assignments[i].variable, results[i], &step);
    } else if (const auto* load = std::get_if<ir::Load>(&node)) {
      step.memory = access(step.node, false);
      std::optional<ir::u128> value = step.memory ? std::optional(step.memory->value) : std::nullopt;
      if (step.event && run_.events[*step.event].has_result) value = run_.events[*step.event].value;
      if (!value && step.event) value = run_.events[*step.event].value;
      set(load->result, value, &step);
    } else if (std::holds_alternative<ir::Store>(node)) {
      step.memory = access(step.node, true);
    } else if (const auto* cond = std::get_if<ir::Cond>(&node)) {
      static_cast<void>(value_of(cond->condition));
    } else if (const auto* call = std::get_if<ir::Call>(&node)) {
      const std::size_t number = call_++;
      if (is_binary_ && number < calls_.size()) take_over(*calls_[number], step);
      for (const ir::AbiSlot& slot : call->results) set(slot.term, answer_of_call(number, slot), &step);
    } else if (const auto* effect = std::get_if<ir::Effect>(&node)) {
      if (effect->result)
        set(effect->result, step.event ? std::optional(run_.events[*step.event].value) : std::nullopt, &step);
    } else if (const auto* choice = std::get_if<ir::Choice>(&node)) {
      set(choice->variable, std::nullopt, &step);
    } else if (const auto* end = std::get_if<ir::Return>(&node)) {
      for (const Term value : end->values) static_cast<void>(value_of(value));
    }
  }

  const ir::Function& function_;
  const RunResult& run_;
  const bool is_binary_;
  std::vector<const replay::Snapshot*> calls_;
  ir::Valuation values_;
  Steps steps_;
  std::size_t access_ = 0, event_ = 0, call_ = 0;
};

}  // namespace

std::vector<Term> variables_in(Term term) {
  std::vector<Term> result;
  for_each_part(term, [&](Term part) {
    if (part.is_variable()) result.push_back(part);
  });
  return result;
}

Steps steps_of(const ir::Function& function, const RunResult& run, const RunResult& binary,
               const replay::EntryState& entry) {
  return Walk(function, run, binary, entry).run();
}

}  // namespace validator::report::html
