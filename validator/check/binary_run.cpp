// SPDX-License-Identifier: Apache-2.0
// See binary_run.hpp. Register roles: AAPCS64 6.1.1 (X0-X17 caller-saved, X18 platform, X19-X29 callee-saved).
#include "validator/check/binary_run.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "validator/check/kinds.hpp"

namespace validator::check {

using ir::Graph;

namespace {

Term register_symbol(const std::string& name) {
  return ir::var(name, name.size() == 1 ? ir::Sort::boolean() : ir::Sort::bitvec(64));
}

/// Is the first behind a cut that the second does not speak of? Then one happens before the other. (Which of the source's events may be the
/// binary's is a guess: that one of them is, has to be proved.)
bool passes_other_cut(Term path, Term other) {
  const auto behind = [&](Term literal) {
    if (!literal.is_variable() || !literal.name().starts_with("at@")) return false;
    const auto about = ir::variables_of(other);
    return std::find(about.begin(), about.end(), literal) == about.end();
  };
  if (!path.is(ir::Op::logical_and)) return behind(path);
  return std::any_of(path.args().begin(), path.args().end(), behind);
}

}  // namespace

BinaryRun::BinaryRun(const ir::Function& function, const Evidence& evidence, const Certificate& certificate, const SourceRun& source)
    : Run(function, evidence, certificate, true),
      source_(source),
      entry_sp_(register_symbol("SP")) {
  facts.push_back({ir::boolean(true), ir::eq(ir::extract(3, 0, entry_sp_), ir::bv(0, 4)), Term(), "sp-aligned"});
  check_placements();
}

State BinaryRun::entry_state() {
  State state;
  state.path = ir::boolean(true);
  state.count = state.epoch = ir::bv(0, 64);
  state.memory = ir::var("memory", ir::Sort::memory());
  state.variables.resize(variables_.size());
  for (unsigned i = 0; i < variables_.size(); ++i) {
    const Term variable = variables_.variable(i);
    const bool temporary = variable.name().starts_with("t");
    state.variables[i] = temporary ? ir::var("indeterminate.b:" + variable.name(), variable.sort()) : variable;
  }
  for (unsigned offset = 0; offset < source_.incoming_stack_bytes(); offset += 8) {
    const Term word = ir::var("stack_argument@" + std::to_string(offset), ir::Sort::bitvec(64));
    state.bytes.put({0, offset}, word);
  }
  return state;
}

Term BinaryRun::register_value(const State& state, const std::string& name) const {
  return state.variables[variables_.index(register_symbol(name))];
}

void BinaryRun::set_register(State& state, const std::string& name, Term value) {
  assign(state, register_symbol(name), value);
}

std::string BinaryRun::place_text(Graph::NodeId node) const {
  return fmt::format("0x{:x}", function_.graph.at(node).address);
}

void BinaryRun::require(const State& state, const std::string& kind, Graph::NodeId node, Term guard, Term goal) {
  obligations.push_back({kind, place_text(node), guard, goal, Term(), Term(), Term(), state.count});
}

void BinaryRun::require_memory(const State& state, const std::string& kind, Graph::NodeId node, Term guard, Term left,
                               Term right) {
  obligations.push_back({kind, place_text(node), guard, Term(), Term(), left, right, state.count});
}

std::vector<BinaryRun::Candidate> BinaryRun::candidates(const State& state, const std::string& key,
                                                        Term address) const {
  std::vector<Candidate> found;
  for (const Event& event : source_.events) {
    if (event.key != key || !source_.counts_may_agree(event.count, state.count)) continue;
    if (address && event.operands[0] != address) continue;
    if (ir::logical_and(event.path, state.path).is_false()) continue;
    if (passes_other_cut(event.path, state.path) || passes_other_cut(state.path, event.path)) continue;
    const Term same_count = ir::eq(event.count, state.count);
    if (same_count.is_false()) continue;
    if (event.path == state.path && same_count.is_true()) return {{&event, ir::boolean(true)}};
    found.push_back({&event, ir::logical_and(event.path, same_count)});
  }
  return found;
}

/// An access may have a stronger order than the source asks for.
std::vector<BinaryRun::Candidate> BinaryRun::access_candidates(const State& state, bool writes, unsigned bytes, ir::Order order,
                                                               Term address) const {
  std::vector<Candidate> found = candidates(state, access_key(writes, bytes, order), address);
  if (order == ir::Order::plain || (found.size() == 1 && found.front().guard.is_true())) return found;
  std::vector<Candidate> weaker = candidates(state, access_key(writes, bytes, ir::Order::plain), address);
  if (weaker.size() == 1 && weaker.front().guard.is_true()) return weaker;
  found.insert(found.end(), weaker.begin(), weaker.end());
  return found;
}

Term BinaryRun::answer(const std::vector<Candidate>& found, std::size_t result, unsigned bits) {
  Term value;
  for (auto candidate = found.rbegin(); candidate != found.rend(); ++candidate) {
    if (result >= candidate->event->results.size()) continue;
    const Term theirs = candidate->event->results[result].term;
    if (theirs.width() != bits) continue;
    value = value ? ir::ite(candidate->guard, theirs, value) : theirs;
  }
  return value ? value : junk(bits);
}

void BinaryRun::match(State& state, const std::vector<Candidate>& found, Graph::NodeId node) {
  std::vector<Term> guards;
  for (const Candidate& candidate : found) guards.push_back(candidate.guard);
  require(state, "event-exists", node, state.path, ir::logical_or(guards));
  const Term next_epoch = ir::add(state.epoch, ir::bv(1, 64));
  Term memory = state.memory, epoch = found.empty() ? next_epoch : state.epoch;
  // Events of one key need not all compare memory: the epoch must count what the matching one does.
  for (auto candidate = found.rbegin(); candidate != found.rend(); ++candidate) {
    const Event& event = *candidate->event;
    if (event.compares_memory) {
      const Term guard = ir::logical_and(state.path, candidate->guard);
      require_memory(state, "event-memory", node, guard, event.memory_before, state.memory);
    }
    const bool last = candidate == found.rbegin();
    const Term after = event.compares_memory && !event.keeps_memory ? event.memory_after : state.memory;
    const Term counted = event.compares_memory ? next_epoch : state.epoch;
    memory = last ? after : ir::ite(candidate->guard, after, memory);
    epoch = last ? counted : ir::ite(candidate->guard, counted, epoch);
  }
  state.count = ir::add(state.count, ir::bv(1, 64));
  state.epoch = epoch;
  state.memory = memory;
}

std::optional<Term> BinaryRun::volatile_load(State& state, const ir::Load& node, Term address, Graph::NodeId id) {
  if (!node.single_copy) return std::nullopt;
  const auto found = access_candidates(state, false, node.bytes, node.order, address);
  if (found.empty()) return std::nullopt;
  memory_access(state, address, node.bytes);
  for (const Candidate& candidate : found) {
    require(state, "volatile-memory", id, ir::logical_and(state.path, candidate.guard),
            ir::eq(ir::load(candidate.event->memory_before, address, node.bytes),
                   ir::load(state.memory, address, node.bytes)));
  }
  match(state, found, id);
  return answer(found, 0, 8 * node.bytes);
}

bool BinaryRun::volatile_store(State& state, const ir::Store& node, Term address, Term stored, Graph::NodeId id) {
  if (!node.single_copy) return false;
  const auto found = access_candidates(state, true, node.bytes, node.order, address);
  if (found.empty()) return false;
  memory_access(state, address, node.bytes);
  for (const Candidate& candidate : found) {
    require(state, "volatile-value", id, ir::logical_and(state.path, candidate.guard),
            ir::eq(candidate.event->operands[1], stored));
  }
  match(state, found, id);
  state.memory = ir::store(state.memory, address, stored);
  return true;
}

Term BinaryRun::argument_value(State& state, const ir::AbiPlace& place, unsigned bits) {
  if (place.kind == ir::AbiPlace::Kind::x_register) {
    return ir::extract(bits - 1, 0, register_value(state, "X" + std::to_string(place.index)));
  }
  return read_private(state, {0, stack_offset(state) + place.index}, bits / 8);
}

void BinaryRun::propose_placement(Term theirs, Term ours) {
  if (theirs.width() != 64) return;
  const ir::BaseOffset theirs_at = ir::base_offset(theirs), ours_at = ir::base_offset(ours);
  if (ours_at.base == entry_sp_ && theirs_at.base && theirs_at.base.is_variable()) {
    proposed_placements.emplace(theirs_at.base.name(), ours_at.offset - theirs_at.offset);
  }
}

bool BinaryRun::call(State& state, const ir::Call& node, Graph::NodeId id) {
  const std::uint64_t address = function_.graph.at(id).address;
  const Term link = register_value(state, "X30");
  const bool is_tail = link != ir::bv(address + 4, 64);
  const Graph::NodeId next = function_.graph.successors(id).empty() ? Graph::none : function_.graph.successors(id)[0];
  if (is_tail && (next == Graph::none || !std::holds_alternative<ir::Return>(function_.graph.at(next).node))) {
    throw Unprovable(Verdict::unsupported, "link-register", fmt::format("call at 0x{:x} does not set x30", address));
  }
  const Term target = value(state, node.target);
  const bool direct = target.is_constant();
  const std::string key = direct ? "call " + std::to_string(target.value64()) : "call indirect";
  const auto found = candidates(state, key, Term());
  for (const Candidate& candidate : found) {
    const Term guard = ir::logical_and(state.path, candidate.guard);
    if (!direct) require(state, "call-target", id, guard, ir::eq(candidate.event->operands[0], target));
    for (const ir::AbiSlot& slot : candidate.event->arguments) {
      const Term ours = argument_value(state, slot.place, slot.term.width());
      propose_placement(slot.term, ours);
      require(state, "call-argument", id, guard, ir::eq(slot.term, ours));
    }
  }
  const std::int64_t sp = stack_offset(state);
  std::int64_t stack_arguments = 0;
  for (const Candidate& candidate : found) {
    for (const ir::AbiSlot& slot : candidate.event->arguments) {
      if (slot.place.kind != ir::AbiPlace::Kind::stack) continue;
      stack_arguments = std::max<std::int64_t>(stack_arguments, slot.place.index + 8);
    }
  }
  // The outgoing arguments belong to the callee.
  for (const auto& [local, offset] : certificate_.placements) {
    if (offset < sp + stack_arguments) require(state, "placement", id, state.path, ir::boolean(false));
  }
  if (is_tail) require(state, "sp-restored", id, state.path, ir::boolean(sp == 0));
  match(state, found, id);

  const std::set<std::string> preserved = direct ? evidence_.preserved(target.value64()) : std::set<std::string>{};
  if (!preserved.empty()) preserving_callees.insert(target.value64());
  for (unsigned i = 0; i <= 18; ++i) {
    const std::string name = "X" + std::to_string(i);
    if (!preserved.contains(name) && !(i == 18 && evidence_.x18_reserved())) set_register(state, name, junk(64));
  }
  for (const char* flag : {"N", "Z", "C", "V"}) set_register(state, flag, junk(0));
  if (!is_tail) set_register(state, "X30", junk(64));
  const bool returns = found.empty() || std::any_of(found.begin(), found.end(), [](const Candidate& c) { return c.event->returns; });
  std::erase_if(state.bytes, [&](const auto& entry) { return entry.first.offset < sp + stack_arguments; });
  if (!found.empty()) {
    const auto& results = found.front().event->results;
    for (std::size_t i = 0; i < results.size(); ++i) {
      const unsigned bits = results[i].term.width();
      const Term low = answer(found, i, bits);
      const Term whole = bits == 64 ? low : ir::concat(junk(64 - bits), low);
      set_register(state, "X" + std::to_string(results[i].place.index), whole);
    }
  }
  return returns;
}

bool BinaryRun::effect(State& state, const ir::Effect& node, Graph::NodeId id) {
  if (node.kind == ir::EffectKind::sysreg_write && node.detail == "SPSel") {
    throw Unprovable(Verdict::unsupported, "stack-select", "SPSel is written: what SP means afterwards is not modelled");
  }
  using Kind = ir::EffectKind;
  const bool accesses = node.kind == Kind::exclusive_load || node.kind == Kind::exclusive_store || node.kind == Kind::atomic;
  if (accesses) memory_access(state, value(state, node.operands.at(0)), node.bytes);
  const auto found = candidates(state, effect_key(node), Term());
  for (const Candidate& candidate : found) {
    const Term guard = ir::logical_and(state.path, candidate.guard);
    for (std::size_t i = 0; i < node.operands.size(); ++i) {
      require(state, "effect-operand", id, guard, ir::eq(candidate.event->operands[i], value(state, node.operands[i])));
    }
  }
  match(state, found, id);
  if (node.result) assign(state, node.result, answer(found, 0, node.result.width()));
  if (node.kind != Kind::exception_return) return true;
  ends.push_back({End::Kind::exception_return, id, state, {}});
  return false;
}

void BinaryRun::unreachable(State& state, const ir::Unreachable& node, Graph::NodeId id) {
  obligations.push_back({"unreachable", place_text(id) + ": " + node.reason, state.path, ir::boolean(false), Term(), Term(),
                         Term(), state.count});
}

void BinaryRun::returned(State state, const ir::Return& node, Graph::NodeId id) {
  std::vector<Term> values;
  for (Term term : node.values) values.push_back(value(state, term));
  ends.push_back({End::Kind::function_return, id, std::move(state), std::move(values)});
}

Term BinaryRun::unrelated(const Place& place, std::size_t cut, ir::Sort sort) {
  const std::string name = place.bytes == 0 ? place.variable : place_name(place);
  return ir::var(fmt::format("junk:{}@{}", name, cut), sort);
}

void BinaryRun::havoc(State& state, std::size_t cut) {
  const Cut& declared = certificate_.cuts[cut];
  for (unsigned v = 0; v < variables_.size(); ++v) {
    const Term variable = variables_.variable(v);
    if (!declared.binary_variables.contains(variable.name())) continue;
    const Place place{variable.name(), 0, 0};
    const auto relation = declared.relations.find(place);
    state.variables[v] = relation != declared.relations.end() ? relation->second : unrelated(place, cut, variable.sort());
    IR_ASSERT(state.variables[v].sort() == variable.sort());
  }
  for (const Place& place : declared.binary_places) {
    const auto relation = declared.relations.find(place);
    state.bytes.put({0, place.offset}, relation != declared.relations.end()
                                           ? relation->second
                                           : unrelated(place, cut, ir::Sort::bitvec(8 * place.bytes)));
  }
  facts.push_back({state.path, first_states.at(cut).path, Term(), "visit"});
}

Term BinaryRun::place_value(State& state, const Place& place) {
  if (place.bytes == 0) return register_value(state, place.variable);
  return read_private(state, {0, place.offset}, place.bytes);
}

void BinaryRun::finish() {
  for (const Arrival& arrival : arrivals) {
    for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
      if (certificate_.cuts[cut].binary_header != arrival.header) continue;
      (arrival.back_edge ? back_arrivals : first_arrivals)[cut].push_back(arrival.state);
    }
  }
  compare_ends();
  compare_arrivals();
  compare_footprints();
  for (const Obligation& obligation : obligations) IR_ASSERT(is_obligation(family_of(obligation.kind)));
  for (const Fact& fact : facts) IR_ASSERT(is_fact(family_of(fact.kind)));
  for (const Fact& fact : source_.facts) IR_ASSERT(is_fact(family_of(fact.kind)));
}

}  // namespace validator::check
