// SPDX-License-Identifier: Apache-2.0
// See source_run.hpp.
#include "validator/check/source_run.hpp"

#include <algorithm>

#include "validator/check/merge.hpp"

namespace validator::check {

using ir::Graph;

namespace {

constexpr const char* stack_argument_prefix = "stack_argument@";

bool is_local_base(Term variable) { return variable.is_variable() && variable.name().starts_with("%"); }

}  // namespace

std::string access_key(bool writes, unsigned bytes, ir::Order order) {
  const char* kind = order == ir::Order::acquire ? "acquire" : order == ir::Order::release ? "release" : "volatile";
  return std::string(kind) + (writes ? " store " : " load ") + std::to_string(bytes);
}

std::string effect_key(const ir::Effect& effect) {
  return "effect " + std::to_string(static_cast<int>(effect.kind)) + " " + effect.detail + " " +
         std::to_string(effect.bytes) + " " + std::to_string(effect.operands.size()) + " " +
         std::to_string(static_cast<int>(effect.order));
}

Term cut_symbol(const std::string& name, std::size_t cut, ir::Sort sort) {
  return ir::var(name + "@" + std::to_string(cut), sort);
}

std::string place_name(const Place& place) {
  return place.variable + "+" + std::to_string(place.offset) + ":" + std::to_string(place.bytes);
}

SourceRun::SourceRun(const ir::Function& function, const Evidence& evidence, const Certificate& certificate)
    : Run(function, evidence, certificate, false) {
  for (unsigned i = 0; i < function.locals.size(); ++i) {
    if (!certificate.placements.contains(function.locals[i].base.name())) regions_.emplace(function.locals[i].base, i);
  }
}

std::optional<std::uint64_t> SourceRun::constant_bytes(Term base, std::uint64_t offset, unsigned bytes) const {
  if (!base) return Run::constant_bytes(base, offset, bytes);
  const std::string prefix = "unplaced:";
  if (!base.name().starts_with(prefix)) return std::nullopt;
  return evidence_.constant_bytes(base.name().substr(prefix.size()), offset, bytes);
}

unsigned SourceRun::incoming_stack_bytes() const {
  unsigned bytes = 0;
  for (const ir::AbiSlot& slot : function_.parameters) {
    if (slot.place.kind == ir::AbiPlace::Kind::stack) bytes = std::max(bytes, slot.place.index + 8);
  }
  return bytes;
}

State SourceRun::entry_state() {
  State state;
  state.path = ir::boolean(true);
  state.count = state.epoch = ir::bv(0, 64);
  state.memory = ir::var("memory", ir::Sort::memory());
  state.variables.resize(variables_.size());
  for (unsigned i = 0; i < variables_.size(); ++i) {
    const Term variable = variables_.variable(i);
    const std::string& name = variable.name();
    Term value = ir::var("indeterminate:" + name, variable.sort());
    if (name.starts_with("@")) {
      const auto address = evidence_.address_of(name);
      value = address ? ir::bv(*address, 64) : ir::var("unplaced:" + name, ir::Sort::bitvec(64));
    } else if (name.starts_with("%")) {
      const auto placed = certificate_.placements.find(name);
      value = placed == certificate_.placements.end()
                  ? variable
                  : ir::add(ir::var("SP", ir::Sort::bitvec(64)), ir::bv(static_cast<std::uint64_t>(placed->second), 64));
    }
    state.variables[i] = value;
  }
  for (const ir::AbiSlot& slot : function_.parameters) {
    const bool in_register = slot.place.kind == ir::AbiPlace::Kind::x_register;
    const Term whole = in_register
                           ? ir::var("X" + std::to_string(slot.place.index), ir::Sort::bitvec(64))
                           : ir::var(stack_argument_prefix + std::to_string(slot.place.index), ir::Sort::bitvec(64));
    assign(state, slot.term,
           slot.term.sort().is_bool() ? ir::bit(whole, 0) : ir::extract(slot.term.width() - 1, 0, whole));
  }
  return state;
}

std::string SourceRun::region_name(unsigned region) const { return function_.locals[region].base.name(); }

std::optional<PrivateByte> SourceRun::private_place(Term address) const {
  const ir::BaseOffset split = ir::base_offset(address);
  if (!split.base) return std::nullopt;
  const auto found = regions_.find(split.base);
  if (found == regions_.end()) return std::nullopt;
  return PrivateByte{found->second, split.offset};
}

bool SourceRun::mentions_private(Term address) const {
  if (regions_.empty()) return false;
  auto visit = [&](auto&& self, Term at) -> bool {
    if (at.is_variable()) return regions_.contains(at);
    if (at.args().empty() || at.is(ir::Op::load)) return false;
    if (auto found = mentions_.find(at); found != mentions_.end()) return found->second;
    bool result = false;
    for (Term arg : at.args()) result = result || self(self, arg);
    mentions_.emplace(at, result);
    return result;
  };
  return visit(visit, address);
}

void SourceRun::check_private_access(const State&, PrivateByte place, unsigned bytes, bool) {
  const ir::LocalObject& object = function_.locals[place.region];
  if (place.offset < 0 || static_cast<std::uint64_t>(place.offset) + bytes > object.bytes) {
    throw Unprovable(Verdict::unsupported, "local-out-of-bounds",
                     "the source accesses " + object.name + " outside its " + std::to_string(object.bytes) + " bytes");
  }
}

void SourceRun::note_escape(Term term) {
  for (Term variable : ir::variables_of(term)) {
    if (is_local_base(variable) && regions_.contains(variable)) escaped.insert(variable.name());
  }
}

Event& SourceRun::add_event(State& state, EventKind kind, std::string key, Graph::NodeId node) {
  Event event;
  event.kind = kind;
  event.key = std::move(key);
  event.node = node;
  event.path = state.path;
  event.count = state.count;
  event.memory_before = state.memory;
  events.push_back(std::move(event));
  return events.back();
}

void SourceRun::finish_event(State& state, Event& event) {
  state.count = ir::add(state.count, ir::bv(1, 64));
  if (!event.compares_memory) return;
  state.epoch = ir::add(state.epoch, ir::bv(1, 64));
  if (event.keeps_memory) {
    event.memory_after = state.memory;
    return;
  }
  event.memory_after = ir::var("memory:" + std::to_string(events.size() - 1), ir::Sort::memory());
  state.memory = event.memory_after;
}

std::string SourceRun::call_key(const std::string& symbol) const {
  const auto address = evidence_.address_of("@" + symbol);
  return address ? "call " + std::to_string(*address) : "call " + symbol;
}

bool SourceRun::call(State& state, const ir::Call& node, Graph::NodeId id) {
  Event& event = add_event(state, EventKind::call, node.symbol.empty() ? "call indirect" : call_key(node.symbol), id);
  if (node.symbol.empty()) event.operands.push_back(value(state, node.target));
  for (const ir::AbiSlot& slot : node.arguments) {
    event.arguments.push_back({slot.place, value(state, slot.term)});
    note_escape(event.arguments.back().term);
  }
  event.compares_memory = true;
  if (const auto callee = node.symbol.empty() ? std::nullopt : evidence_.address_of("@" + node.symbol)) {
    event.keeps_memory = evidence_.writes_no_memory(*callee);
  }
  event.returns = node.returns;
  const std::string prefix = "result:" + std::to_string(events.size() - 1) + ".";
  for (const ir::AbiSlot& slot : node.results) {
    const unsigned bits = slot.term.sort().is_bool() ? 8 : slot.term.width();
    const Term answer = ir::var(prefix + std::to_string(slot.place.index) + ":" + std::to_string(bits), ir::Sort::bitvec(bits));
    event.results.push_back({slot.place, answer});
    assign(state, slot.term, slot.term.sort().is_bool() ? ir::bit(answer, 0) : answer);
  }
  finish_event(state, event);
  return node.returns;
}

Term SourceRun::effect_answer(unsigned bits) const {
  return ir::var("result:" + std::to_string(events.size() - 1) + ":" + std::to_string(bits), ir::Sort::bitvec(bits));
}

bool SourceRun::effect(State& state, const ir::Effect& node, Graph::NodeId id) {
  Event& event = add_event(state, EventKind::effect, effect_key(node), id);
  for (Term operand : node.operands) {
    event.operands.push_back(value(state, operand));
    note_escape(event.operands.back());
  }
  using Kind = ir::EffectKind;
  event.compares_memory = node.memory_clobber || node.kind == Kind::exception || node.kind == Kind::exception_return ||
                          node.kind == Kind::exclusive_load || node.kind == Kind::exclusive_store ||
                          node.kind == Kind::atomic;
  if (node.result) {
    const Term answer = effect_answer(node.result.width());
    event.results.push_back({{}, answer});
    assign(state, node.result, answer);
  }
  finish_event(state, event);
  if (node.kind != Kind::exception_return) return true;
  ends.push_back({End::Kind::exception_return, id, state, {}});
  return false;
}

std::optional<Term> SourceRun::volatile_load(State& state, const ir::Load& node, Term address, Graph::NodeId id) {
  if (!node.is_volatile) return std::nullopt;
  if (mentions_private(address)) throw Unprovable(Verdict::unsupported, "volatile-local", "a volatile local is accessed");
  Event& event = add_event(state, EventKind::volatile_load, access_key(false, node.bytes, node.order), id);
  event.bytes = node.bytes;
  event.compares_memory = node.order != ir::Order::plain;  // and behind it, what others have written shows
  event.operands = {address};
  const Term answer = effect_answer(8 * node.bytes);
  event.results.push_back({{}, answer});
  finish_event(state, event);
  return answer;
}

bool SourceRun::volatile_store(State& state, const ir::Store& node, Term address, Term stored, Graph::NodeId id) {
  if (!mentions_private(address)) note_escape(stored);
  if (!node.is_volatile) return false;
  if (mentions_private(address)) throw Unprovable(Verdict::unsupported, "volatile-local", "a volatile local is accessed");
  Event& event = add_event(state, EventKind::volatile_store, access_key(true, node.bytes, node.order), id);
  event.bytes = node.bytes;
  event.compares_memory = event.keeps_memory = node.order != ir::Order::plain;
  event.operands = {address, stored};
  finish_event(state, event);
  state.memory = ir::store(state.memory, address, stored);
  return true;
}

void SourceRun::arrived(Graph::NodeId node, State& state, bool) { points.emplace(node, Point{state.path, state.memory, state.count}); }

void SourceRun::computed(Graph::NodeId node, const std::vector<Term>& terms) { values.emplace(node, terms); }

void SourceRun::unreachable(State& state, const ir::Unreachable& node, Graph::NodeId) {
  const std::string kind = node.reason.starts_with("ub-") ? node.reason : "ub-unreachable: " + node.reason;
  facts.push_back({state.path, ir::boolean(false), state.count, kind});
}

void SourceRun::returned(State state, const ir::Return& node, Graph::NodeId id) {
  std::vector<Term> values;
  for (Term term : node.values) {
    values.push_back(value(state, term));
    note_escape(values.back());
  }
  ends.push_back({End::Kind::function_return, id, std::move(state), std::move(values)});
}

void SourceRun::havoc(State& state, std::size_t cut) {
  const Cut& declared = certificate_.cuts[cut];
  for (unsigned v = 0; v < variables_.size(); ++v) {
    const Term variable = variables_.variable(v);
    if (declared.source_variables.contains(variable.name())) {
      state.variables[v] = cut_symbol(variable.name(), cut, variable.sort());
    }
  }
  for (const Place& place : declared.source_places) {
    const Term symbol = cut_symbol(place_name(place), cut, ir::Sort::bitvec(8 * place.bytes));
    for (unsigned region = 0; region < function_.locals.size(); ++region) {
      if (region_name(region) != place.variable) continue;
      state.bytes.put({region, place.offset}, symbol);
    }
  }
  for (Term invariant : declared.invariants) facts.push_back({state.path, invariant, Term(), "invariant"});
}

void SourceRun::finish() {
  unsigned junk_counter = 0;
  auto merge = [&](std::vector<State> states) {
    return merge_states(
        std::move(states), [](std::size_t) { return true; },
        [&](unsigned bits) { return ir::var("junk:m" + std::to_string(bits) + "." + std::to_string(junk_counter++), ir::Sort::bitvec(bits)); });
  };
  auto merged = [&](End::Kind kind) -> std::optional<End> {
    std::vector<State> states;
    std::vector<Term> values;
    Term path;
    for (const End& end : ends) {
      if (end.kind != kind) continue;
      if (states.empty()) {
        values = end.values;
        path = end.state.path;
      } else {
        const Term first = distinguishing(path, end.state.path);
        for (std::size_t i = 0; i < values.size(); ++i) values[i] = ir::ite(first, values[i], end.values[i]);
        path = ir::logical_or(path, end.state.path);
      }
      states.push_back(end.state);
    }
    if (states.empty()) return std::nullopt;
    return End{kind, 0, merge(std::move(states)), std::move(values)};
  };
  function_return = merged(End::Kind::function_return);
  exception_return = merged(End::Kind::exception_return);
  for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
    for (bool back_edge : {false, true}) {
      std::vector<State> states;
      for (const Arrival& arrival : arrivals) {
        if (arrival.header == certificate_.cuts[cut].source_header && arrival.back_edge == back_edge) {
          states.push_back(arrival.state);
        }
      }
      if (states.empty()) continue;
      auto& target = back_edge ? back_arrivals : first_arrivals;
      target.emplace(cut, merge(std::move(states)));
    }
  }
}

ir::Substitution SourceRun::cut_substitution(std::size_t cut, const State& arriving) const {
  const Cut& declared = certificate_.cuts[cut];
  ir::Substitution result;
  for (unsigned v = 0; v < variables_.size(); ++v) {
    const Term variable = variables_.variable(v);
    if (!declared.source_variables.contains(variable.name())) continue;
    result.emplace(cut_symbol(variable.name(), cut, variable.sort()), arriving.variables[v]);
  }
  for (const Place& place : declared.source_places) {
    for (unsigned region = 0; region < function_.locals.size(); ++region) {
      if (region_name(region) != place.variable) continue;
      if (const Term value = arriving.bytes.get({region, place.offset}, place.bytes)) {
        result.emplace(cut_symbol(place_name(place), cut, value.sort()), value);
      }
    }
  }
  if (declared.memory) result.emplace(ir::var("memory@" + std::to_string(cut), ir::Sort::memory()), arriving.memory);
  return result;
}

std::vector<Access> SourceRun::accesses_ahead() const {
  std::vector<Access> result;
  for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
    const Term visit = cut_symbol("at", cut, ir::Sort::boolean());
    for (const auto* arrivals_of : {&first_arrivals, &back_arrivals}) {
      const auto arrived = arrivals_of->find(cut);
      if (arrived == arrivals_of->end()) continue;
      ir::Substitution values = cut_substitution(cut, arrived->second);
      values.emplace(visit, arrived->second.path);
      if (certificate_.cuts[cut].count) {
        values.emplace(cut_symbol("count", cut, ir::Sort::bitvec(64)), arrived->second.count);
        values.emplace(cut_symbol("epoch", cut, ir::Sort::bitvec(64)), arrived->second.epoch);
      }
      for (const Access& access : accesses) {
        // Of this visit alone: behind an inner loop, or joined with such a path, it may be another visit's, or nobody's.
        if (ir::logical_and(access.path, visit) != access.path) continue;
        Access moved = access;
        moved.path = ir::substitute(access.path, values);
        moved.count = ir::substitute(access.count, values);
        moved.epoch = ir::substitute(access.epoch, values);
        moved.address = ir::substitute(access.address, values);
        result.push_back(std::move(moved));
      }
    }
  }
  return result;
}

bool SourceRun::accesses_volatile(std::uint64_t address, std::uint64_t bytes) const {
  return std::any_of(events.begin(), events.end(), [&](const Event& event) {
    if (event.kind != EventKind::volatile_load && event.kind != EventKind::volatile_store) return false;
    const Term at = event.operands[0];
    return at.is_constant() && at.value64() - address < bytes;
  });
}

std::int64_t SourceRun::lower_bound(const std::string& count_symbol) const {
  const auto at = count_symbol.find('@');
  if (at == std::string::npos || !count_symbol.starts_with("count@")) return 0;
  const auto found = first_states.find(std::stoul(count_symbol.substr(at + 1)));
  if (found == first_states.end()) return 0;
  const ir::BaseOffset first = ir::base_offset(found->second.count);
  if (!first.base) return first.offset;
  return first.base.is_variable() ? lower_bound(first.base.name()) + first.offset : 0;
}

bool SourceRun::counts_may_agree(Term a, Term b) const {
  const ir::BaseOffset left = ir::base_offset(a), right = ir::base_offset(b);
  if (left.base == right.base) return left.offset == right.offset;
  if (!left.base && right.base.is_variable()) return lower_bound(right.base.name()) + right.offset <= left.offset;
  if (!right.base && left.base.is_variable()) return lower_bound(left.base.name()) + left.offset <= right.offset;
  return true;
}

}  // namespace validator::check
