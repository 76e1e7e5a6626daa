// SPDX-License-Identifier: Apache-2.0
// Finds what an indirect branch can jump to. Nothing here is trusted: the graph compares the branch's real target with
// each proposal and is Unreachable beyond them.
//
// No instruction pattern is matched. The chain of dominators from the entry to the branch is executed symbolically (what
// the code between two dominators writes becomes unknown), which gives the target as a term over one table load, and the
// conditions that hold on every way to the branch. Then each subterm of the load's address is tried as the index: counted
// up, concretely, as long as those conditions hold and the address advances evenly; each value yields one entry. This
// covers byte, half, word and address tables, in data or text, offset cases, bitfields and masked indices alike.
#include <algorithm>
#include <deque>
#include <optional>
#include <tuple>
#include <unordered_map>

#include <fmt/format.h>

#include "ir/build.hpp"
#include "ir/eval.hpp"
#include "validator/binary/binary.hpp"
#include "validator/binary/flow.hpp"

namespace validator::binary {

namespace {

using Kind = isa::Transfer::Kind;

constexpr std::uint64_t max_entries = 4096;

/// The flow as a graph over dense numbers, with immediate dominators (Cooper, Harvey, Kennedy 2001).
struct Dominators {
  std::vector<const Step*> steps;
  std::map<std::uint64_t, std::size_t> number;
  std::vector<std::vector<std::size_t>> successors, predecessors;
  std::vector<std::size_t> immediate;  ///< of the entry: itself

  Dominators(const Flow& flow, const FunctionTable& functions) {
    order(flow, functions);
    immediate.assign(steps.size(), none);
    immediate[0] = 0;
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t node = 1; node < steps.size(); ++node) {
        std::size_t meet = none;
        for (const std::size_t before : predecessors[node]) {
          if (immediate[before] != none) meet = meet == none ? before : intersect(meet, before);
        }
        if (meet != immediate[node]) {
          immediate[node] = meet;
          changed = true;
        }
      }
    }
  }

  static constexpr std::size_t none = static_cast<std::size_t>(-1);

 private:
  std::size_t intersect(std::size_t a, std::size_t b) const {
    while (a != b) {
      if (a > b) a = immediate[a];
      else b = immediate[b];
    }
    return a;
  }

  /// Numbers the steps in reverse post-order, so that a dominator has a smaller number.
  void order(const Flow& flow, const FunctionTable& functions) {
    std::map<std::uint64_t, std::vector<std::uint64_t>> next;
    std::vector<std::uint64_t> post;
    std::set<std::uint64_t> seen{flow.function->address};
    std::vector<std::pair<std::uint64_t, std::size_t>> stack{{flow.function->address, 0}};
    while (!stack.empty()) {
      auto& [address, index] = stack.back();
      auto found = next.find(address);
      if (found == next.end()) {
        found = next.emplace(address, std::vector<std::uint64_t>{}).first;
        for (const Destination& to : flow.after(functions, flow.steps.at(address))) {
          if (to.kind == Destination::Kind::inside && flow.steps.contains(to.address)) found->second.push_back(to.address);
        }
      }
      if (index < found->second.size()) {
        const std::uint64_t to = found->second[index++];
        if (seen.insert(to).second) stack.emplace_back(to, 0);
      } else {
        post.push_back(address);
        stack.pop_back();
      }
    }
    for (std::size_t i = 0; i < post.size(); ++i) {
      const std::uint64_t address = post[post.size() - 1 - i];
      number[address] = i;
      steps.push_back(&flow.steps.at(address));
    }
    successors.resize(steps.size());
    predecessors.resize(steps.size());
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (const std::uint64_t to : next.at(steps[i]->address)) {
        successors[i].push_back(number.at(to));
        predecessors[number.at(to)].push_back(i);
      }
    }
  }
};

/// Symbolic execution down the chain of dominators of one branch.
class Chain {
 public:
  Chain(const Dominators& graph, const Image& image) : graph_(graph), image_(image) {}

  struct TableLoad {
    ir::Term address;
    unsigned bytes = 0;
  };

  /// The branch's target over the state at the entry and unknowns.
  ir::Term run(std::size_t branch) {
    std::vector<std::size_t> chain{branch};
    while (chain.back() != 0) chain.push_back(graph_.immediate[chain.back()]);
    std::ranges::reverse(chain);
    for (std::size_t i = 0; i + 1 < chain.size(); ++i) {
      execute(*graph_.steps[chain[i]], graph_.steps[chain[i + 1]]->address, only_way(chain[i], chain[i + 1]));
      if (!only_way(chain[i], chain[i + 1])) forget_between(chain[i], chain[i + 1]);
    }
    return now(graph_.steps[branch]->lifted.transfer.indirect_target);
  }

  const std::vector<ir::Term>& conditions() const { return conditions_; }
  const std::map<std::string, TableLoad>& loads() const { return loads_; }

 private:
  bool only_way(std::size_t from, std::size_t to) const {
    return std::ranges::all_of(graph_.predecessors[to], [&](std::size_t before) { return before == from; });
  }

  ir::Term now(ir::Term term) const { return term ? ir::substitute(term, values_) : term; }

  void execute(const Step& step, std::uint64_t next, bool taken_only_here) {
    const isa::Lifted& lifted = step.lifted;
    const ir::Term condition = now(lifted.transfer.condition);
    for (const isa::MicroOp& op : lifted.ops) {
      if (const auto* load = std::get_if<ir::Load>(&op)) values_[load->result] = read(*load);
      if (const auto* store = std::get_if<ir::Store>(&op)) memory_[{now(store->address).id(), store->bytes}] = now(store->value);
    }
    std::vector<ir::Term> results;
    for (const ir::Binding& binding : lifted.assignments) results.push_back(now(binding.value));
    for (std::size_t i = 0; i < results.size(); ++i) values_[lifted.assignments[i].variable] = results[i];
    if (lifted.transfer.kind == Kind::call || lifted.transfer.kind == Kind::indirect_call) {
      for (unsigned index = 0; index <= 30; ++index) {
        if (RegisterSet::caller_saved().contains(index)) forget(ir::var(fmt::format("X{}", index), ir::Sort::bitvec(64)));
      }
    }
    const bool two_ways = lifted.transfer.kind == Kind::branch && !condition.is_constant() && lifted.transfer.target != step.address + 4;
    if (two_ways && taken_only_here) {
      conditions_.push_back(next == lifted.transfer.target ? condition : ir::logical_not(condition));
    }
  }

  ir::Term read(const ir::Load& load) {
    const ir::Term address = now(load.address);
    const auto known = memory_.find({address.id(), load.bytes});
    if (known != memory_.end()) return known->second;
    if (address.is_constant()) {
      if (const auto value = image_.read_only(address.value64(), load.bytes)) return ir::bv(*value, load.bytes * 8);
    }
    loads_[load.result.name()] = {address, load.bytes};
    memory_[{address.id(), load.bytes}] = load.result;
    return load.result;
  }

  void forget(ir::Term variable) { values_[variable] = ir::fresh("u", variable.sort()); }

  /// Everything that is written on some way from `from` to `to` other than the direct edge becomes unknown.
  void forget_between(std::size_t from, std::size_t to) {
    std::set<std::size_t> between;
    std::deque<std::size_t> work{to};
    while (!work.empty()) {
      const std::size_t node = work.front();
      work.pop_front();
      for (const std::size_t before : graph_.predecessors[node]) {
        if (before != from && between.insert(before).second) work.push_back(before);
      }
    }
    for (const std::size_t node : between) {
      const isa::Lifted& lifted = graph_.steps[node]->lifted;
      for (const ir::Binding& binding : lifted.assignments) forget(binding.variable);
      const bool stores = std::ranges::any_of(lifted.ops, [](const isa::MicroOp& op) { return std::holds_alternative<ir::Store>(op); });
      const bool calls = lifted.transfer.kind == Kind::call || lifted.transfer.kind == Kind::indirect_call;
      if (stores || calls) memory_.clear();
      if (!calls) continue;
      for (unsigned index = 0; index <= 30; ++index) {
        if (RegisterSet::caller_saved().contains(index)) forget(ir::var(fmt::format("X{}", index), ir::Sort::bitvec(64)));
      }
    }
  }

  const Dominators& graph_;
  const Image& image_;
  ir::Substitution values_;
  std::map<std::pair<std::uint32_t, unsigned>, ir::Term> memory_;  ///< by address term and width; aliasing ignored
  std::vector<ir::Term> conditions_;
  std::map<std::string, TableLoad> loads_;
};

/// A term with one subterm replaced.
ir::Term replace(ir::Term term, ir::Term from, ir::Term to, std::unordered_map<ir::Term, ir::Term>& done) {
  if (term == from) return to;
  if (term.args().empty()) return term;
  const auto known = done.find(term);
  if (known != done.end()) return known->second;
  std::vector<ir::Term> args;
  for (const ir::Term argument : term.args()) args.push_back(replace(argument, from, to, done));
  const bool same = std::ranges::equal(args, term.args());
  return done[term] = same ? term : ir::rebuild(term, args);
}

struct ById {
  bool operator()(ir::Term a, ir::Term b) const { return a.id() < b.id(); }
};

/// All subterms that could be the index, each once.
std::vector<ir::Term> subterms(ir::Term term) {
  std::set<ir::Term, ById> seen;
  std::vector<ir::Term> work{term}, found;
  while (!work.empty()) {
    const ir::Term next = work.back();
    work.pop_back();
    if (next.is_constant() || !seen.insert(next).second) continue;
    if (next.sort().is_bitvec() && next.width() <= 64) found.push_back(next);
    for (const ir::Term argument : next.args()) work.push_back(argument);
  }
  return found;
}

/// Which values an index can have, and the table entries that they select. What ended the count says how good it is.
struct Count {
  enum class End : std::uint8_t { nothing, scan, shape, condition } end = End::nothing;
  JumpTargets found;
};

/// Counts one index up and reads the table.
class Enumeration {
 public:
  Enumeration(const Flow& flow, const FunctionTable& functions, ir::Term target, ir::Term entry, const Chain::TableLoad& load)
      : flow_(flow), functions_(functions), target_(target), entry_(entry), load_(load) {}

  JumpTargets run(const std::vector<ir::Term>& conditions) {
    Count best;
    for (const ir::Term index : subterms(load_.address)) {
      if (index == load_.address) continue;
      const ir::Term counter = ir::var(fmt::format("index{}", index.width()), index.sort());
      std::unordered_map<ir::Term, ir::Term> done;
      address_ = replace(load_.address, index, counter, done);
      if (ir::variables_of(address_) != std::vector<ir::Term>{counter}) continue;
      std::vector<ir::Term> relevant;
      for (const ir::Term condition : conditions) {
        const ir::Term about = replace(condition, index, counter, done);
        if (ir::variables_of(about) == std::vector<ir::Term>{counter}) relevant.push_back(about);
      }
      for (const std::uint64_t start : starts(counter, relevant)) {
        Count count = this->count(counter, start, relevant);
        if (std::tuple(count.end, count.found.table_bytes) > std::tuple(best.end, best.found.table_bytes)) best = std::move(count);
      }
    }
    return best.found;
  }

 private:
  /// First values to try: 0, and what the conditions' constants suggest.
  static std::set<std::uint64_t> starts(ir::Term counter, const std::vector<ir::Term>& conditions) {
    std::set<std::uint64_t> values{0};
    const auto all = static_cast<std::uint64_t>(ir::mask(counter.width()));
    std::set<ir::Term, ById> seen;
    std::vector<ir::Term> work(conditions);
    while (!work.empty() && values.size() < 64) {
      const ir::Term term = work.back();
      work.pop_back();
      if (!seen.insert(term).second) continue;
      if (term.is_constant() && term.sort().is_bitvec()) {
        for (const std::uint64_t value : {term.value64(), term.value64() + 1}) values.insert(value & all);
      }
      if (term.is(ir::Op::sum)) values.insert(-static_cast<std::uint64_t>(term.offset()) & all);
      for (const ir::Term argument : term.args()) work.push_back(argument);
    }
    return values;
  }

  Count count(ir::Term counter, std::uint64_t start, const std::vector<ir::Term>& conditions) const {
    Count result;
    result.end = Count::End::shape;
    JumpTargets& found = result.found;
    const auto last = static_cast<std::uint64_t>(ir::mask(counter.width()));
    std::optional<std::uint64_t> table;
    bool touches_function = false;
    for (std::uint64_t i = 0; start + i <= last && start + i >= start; ++i) {
      ir::Valuation state;
      state.scalars[counter] = start + i;
      const auto holds = [&](ir::Term condition) { return ir::evaluate(condition, state) != 0; };
      if (!std::ranges::all_of(conditions, holds)) {
        result.end = Count::End::condition;
        break;
      }
      const auto address = static_cast<std::uint64_t>(ir::evaluate(address_, state));
      if (!table) table = address;
      if (address != *table + i * load_.bytes) break;
      const auto target = entry_at(address, *table);
      if (!target || i >= max_entries) {
        result.end = Count::End::scan;
        break;
      }
      touches_function = touches_function || flow_.jump(functions_, *target).kind == Destination::Kind::inside;
      found.targets.push_back(*target);
      found.table = *table;
      found.table_bytes = (i + 1) * load_.bytes;
    }
    // A table whose every entry begins another function is an array of function pointers: a tail call.
    if (!touches_function) return {};
    std::ranges::sort(found.targets);
    const auto [first, end] = std::ranges::unique(found.targets);
    found.targets.erase(first, end);
    return result;
  }

  /// The target that one entry selects; nothing when the entry cannot belong to the table.
  std::optional<std::uint64_t> entry_at(std::uint64_t address, std::uint64_t table) const {
    const Symbol* object = functions_.image().containing(table);
    if (object != nullptr && object->kind == SymbolKind::object && address - object->address >= object->bytes) return std::nullopt;
    const auto bytes = functions_.image().initial(address, load_.bytes);
    if (!bytes) return std::nullopt;
    std::uint64_t value = 0;
    for (std::size_t byte = bytes->size(); byte-- > 0;) value = value << 8 | (*bytes)[byte];
    ir::Valuation state;
    state.scalars[entry_] = value;
    const auto target = static_cast<std::uint64_t>(ir::evaluate(target_, state));
    const Destination to = flow_.jump(functions_, target);
    // The middle of another function is no plausible target.
    const bool own = to.kind == Destination::Kind::inside && target >= flow_.function->address && target < flow_.function->end;
    const FunctionEntry* other = functions_.containing(target);
    const bool split_part = other != nullptr && other->is_split_part;
    if (!own && to.kind != Destination::Kind::tail_call && !split_part) return std::nullopt;
    return target;
  }

  const Flow& flow_;
  const FunctionTable& functions_;
  ir::Term target_, entry_;
  Chain::TableLoad load_;
  ir::Term address_;  ///< load_.address over the counter
};

}  // namespace

JumpTargets find_jump_targets(const Flow& flow, const FunctionTable& functions, std::uint64_t address) {
  const Dominators graph(flow, functions);
  const auto branch = graph.number.find(address);
  if (branch == graph.number.end()) return {};
  Chain chain(graph, functions.image());
  const ir::Term target = chain.run(branch->second);
  if (target.is_constant()) {
    if (!functions.is_code(target.value64())) return {};
    return {{target.value64()}, 0, 0};
  }
  for (const ir::Term variable : ir::variables_of(target)) {
    const auto load = chain.loads().find(variable.name());
    if (load == chain.loads().end() || load->second.bytes > 8) continue;
    JumpTargets found = Enumeration(flow, functions, target, variable, load->second).run(chain.conditions());
    if (!found.targets.empty()) return found;
  }
  return {};
}

}  // namespace validator::binary
