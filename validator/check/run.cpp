// SPDX-License-Identifier: Apache-2.0
// The executor: one pass over the graph in reverse post-order, states merged at joins.
#include "validator/check/run.hpp"

#include <utility>

#include "validator/check/merge.hpp"
#include "validator/check/node_terms.hpp"

namespace validator::check {

using ir::Graph;

namespace {

/// Paths that come to a join and go on separately.
constexpr std::size_t apart_limit = 8;

}  // namespace

Run::Run(const ir::Function& function, const Evidence& evidence, const Certificate& certificate, bool binary)
    : function_(function),
      evidence_(evidence),
      certificate_(certificate),
      variables_(function, binary),
      binary_(binary),
      position_(function.graph.size(), 0),
      pending_(function.graph.size()) {}

Term Run::junk(unsigned bits) {
  const std::string name = (binary_ ? "junk:b" : "junk:s") + std::to_string(bits) + "." + std::to_string(junk_count_++);
  return ir::var(name, bits == 0 ? ir::Sort::boolean() : ir::Sort::bitvec(bits));
}

Term Run::value(const State& state, Term term) const {
  std::unordered_map<Term, Term> memo;
  auto visit = [&](auto&& self, Term at) -> Term {
    if (at.is_variable()) {
      const Term known = state.variables[variables_.index(at)];
      IR_ASSERT(known);
      return known;
    }
    if (at.args().empty()) return at;
    if (auto found = memo.find(at); found != memo.end()) return found->second;
    std::vector<Term> args;
    args.reserve(at.args().size());
    bool same = true;
    for (Term arg : at.args()) {
      args.push_back(self(self, arg));
      same = same && args.back() == arg;
    }
    const Term result = same ? at : ir::rebuild(at, args);
    memo.emplace(at, result);
    return result;
  };
  return visit(visit, term);
}

void Run::assign(State& state, Term variable, Term value) {
  IR_ASSERT(variable.sort() == value.sort());
  state.variables[variables_.index(variable)] = value;
}

void Run::execute() {
  const auto order = ir::reverse_post_order(function_.graph);
  for (std::size_t i = 0; i < order.size(); ++i) position_[order[i]] = i;
  std::vector<unsigned> edges_in(function_.graph.size(), 0);
  for (const Graph::NodeId node : order) {
    for (const Graph::NodeId next : function_.graph.successors(node)) {
      if (next != Graph::none) ++edges_in[next];
    }
  }
  for (std::size_t cut = 0; cut < certificate_.cuts.size(); ++cut) {
    const bool added = cut_of_.emplace(header_of(certificate_.cuts[cut]), cut).second;
    if (!added) throw Unprovable(Verdict::unknown, "loop-pairing", "two cuts stand at one node");
  }
  pending_[function_.graph.entry()].push_back(entry_state());
  waiting_ = 1;
  for (Graph::NodeId node : order) {
    if (pending_[node].empty()) continue;
    std::vector<State> states = std::exchange(pending_[node], {});
    waiting_ -= states.size();
    const auto cut = cut_of_.find(node);
    const bool apart = edges_in[node] < 2 || (binary_ && certificate_.apart.contains(node) && states.size() <= apart_limit);
    if (cut == cut_of_.end() && apart) {
      for (State& state : states) {
        arrived(node, state, false);
        step(node, std::move(state));
      }
      continue;
    }
    State state = merge(std::move(states), node);
    if (cut != cut_of_.end()) {
      arrive(cut->second, std::move(state));
    } else {
      step(node, std::move(state));
    }
  }
}

State Run::merge(std::vector<State> states, Graph::NodeId node) {
  const bool joins = states.size() > 1;
  State result = merge_states(
      std::move(states), [&](std::size_t variable) { return variables_.live(node, static_cast<unsigned>(variable)); },
      [&](unsigned bits) { return junk(bits); });
  for (unsigned v = 0; joins && binary_ && v < variables_.size(); ++v) {
    const Term value = result.variables[v];
    if (!value || value.sort() != ir::Sort::bitvec(64) || !variables_.live(node, v)) continue;
    if (!value.is(ir::Op::ite)) continue;
    const bool of_constants = value.arg(1).is_constant() && value.arg(2).is_constant();
    const auto [known, added] = choosing_joins.try_emplace(node, Choice{value.arg(0), of_constants});
    if (!added && of_constants) known->second = {value.arg(0), true};
  }
  arrived(node, result, joins);
  return result;
}

void Run::arrive(std::size_t cut, State state) {
  const Cut& declared = certificate_.cuts[cut];
  const std::string suffix = "@" + std::to_string(cut);
  first_states.emplace(cut, state);
  arrivals.push_back({header_of(declared), false, state});
  State general = std::move(state);
  const Term visit = ir::var("at" + suffix, ir::Sort::boolean());
  facts.push_back({visit, general.path, Term(), "visit"});
  if (declared.count) {
    const Term count = ir::var("count" + suffix, ir::Sort::bitvec(64));
    const Term range = ir::logical_and(ir::ule(general.count, count), ir::ult(count, ir::bv(ir::u128{1} << 62, 64)));
    facts.push_back({visit, range, Term(), "visit"});
    general.count = count;
    general.epoch = ir::var("epoch" + suffix, ir::Sort::bitvec(64));
  }
  if (declared.memory) general.memory = ir::var("memory" + suffix, ir::Sort::memory());
  general.path = visit;
  havoc(general, cut);
  cut_states.emplace(cut, general);
  step(header_of(declared), std::move(general));
}

void Run::compare_with_general(std::size_t cut, State& arrived) {
  const Cut& declared = certificate_.cuts[cut];
  const State& general = cut_states.at(cut);
  const Graph::NodeId header = header_of(declared);
  const auto names = declared_variables(declared);
  for (unsigned v = 0; v < variables_.size(); ++v) {
    if (!variables_.live(header, v) || arrived.variables[v] == general.variables[v]) continue;
    const std::string& name = variables_.variable(v).name();
    if (!names.contains(name)) undeclared.push_back({cut, name, std::nullopt, false, false});
  }
  std::set<PrivateByte> changed;
  for (const auto& [byte, stored] : general.bytes) {
    auto found = arrived.bytes.find(byte);
    if (found == arrived.bytes.end() || found->second.byte() != stored.byte()) changed.insert(byte);
  }
  for (const Place& place : declared_places(declared)) {
    std::erase_if(changed, [&](const PrivateByte& byte) {
      return region_name(byte.region) == place.variable && byte.offset >= place.offset &&
             byte.offset < place.offset + place.bytes;
    });
  }
  while (!changed.empty()) {
    const PrivateByte first = *changed.begin();
    for (unsigned width : {8u, 4u, 2u, 1u}) {
      bool all = first.offset % static_cast<std::int64_t>(width) == 0;
      for (unsigned i = 0; i < width && all; ++i) all = changed.contains({first.region, first.offset + i});
      if (!all) continue;
      for (unsigned i = 0; i < width; ++i) changed.erase({first.region, first.offset + i});
      undeclared.push_back({cut, "", Place{region_name(first.region), first.offset, width}, false, false});
      break;
    }
  }
  if (!declared.memory && arrived.memory != general.memory) undeclared.push_back({cut, "", std::nullopt, true, false});
  if (!declared.count && arrived.count != general.count) undeclared.push_back({cut, "", std::nullopt, false, true});
}

void Run::continue_at(Graph::NodeId from, Graph::NodeId to, State state) {
  if (state.path.is_false()) return;
  IR_ASSERT(to != Graph::none);
  if (position_[to] > position_[from]) {
    pending_[to].push_back(std::move(state));
    ++waiting_;
    return;
  }
  const auto cut = cut_of_.find(to);
  if (cut == cut_of_.end()) throw Unprovable(Verdict::unknown, "loop-without-cut", "a loop was left without a pairing");
  compare_with_general(cut->second, state);
  arrivals.push_back({to, true, std::move(state)});
}

/// An order that the source asks for is compared at its event.
void Run::require_event(ir::Order order, bool is_volatile) const {
  if (!binary_ && order != ir::Order::plain && !is_volatile) {
    throw Unprovable(Verdict::unsupported, "atomic-order", "the source has an acquire or release access that is no event");
  }
}

void Run::step(Graph::NodeId node, State state) {
  current_ = node;
  const ir::Node& content = function_.graph.at(node).node;
  const auto next = function_.graph.successors(node);
  if (auto* cond = std::get_if<ir::Cond>(&content)) {
    const Term condition = value(state, cond->condition);
    State taken = state;
    taken.path = ir::logical_and(state.path, condition);
    continue_at(node, next[0], std::move(taken));
    state.path = ir::logical_and(state.path, ir::logical_not(condition));
    continue_at(node, next[1], std::move(state));
    return;
  }
  if (auto* basic = std::get_if<ir::Basic>(&content)) {
    std::vector<Term> values;
    for (const ir::Binding& binding : basic->assignments) values.push_back(value(state, binding.value));
    for (std::size_t i = 0; i < values.size(); ++i) assign(state, basic->assignments[i].variable, values[i]);
    computed(node, values);
    assigned(state);
  } else if (auto* load = std::get_if<ir::Load>(&content)) {
    require_event(load->order, load->is_volatile);
    const Term address = value(state, load->address);
    const auto observed = volatile_load(state, *load, address, node);
    const Term result = observed ? *observed : read(state, address, load->bytes, node);
    assign(state, load->result, result);
    computed(node, {result});
  } else if (auto* store = std::get_if<ir::Store>(&content)) {
    require_event(store->order, store->is_volatile);
    const Term address = value(state, store->address);
    const Term stored = value(state, store->value);
    if (!volatile_store(state, *store, address, stored, node)) write(state, address, stored, store->bytes, node);
  } else if (auto* callee = std::get_if<ir::Call>(&content)) {
    if (!call(state, *callee, node)) return;
  } else if (auto* event = std::get_if<ir::Effect>(&content)) {
    if (!effect(state, *event, node)) return;
  } else if (auto* claim = std::get_if<ir::Assert>(&content)) {
    facts.push_back({state.path, value(state, claim->condition), state.count, claim->kind});
  } else if (auto* choice = std::get_if<ir::Choice>(&content)) {
    assign(state, choice->variable, junk(choice->variable.width()));
  } else if (auto* touch = std::get_if<ir::Touch>(&content)) {
    const Term address = value(state, touch->address);
    if (!mentions_private(address)) {
      accesses.push_back({state.path, state.count, state.epoch, address, touch->bytes, false, true, node});
    }
  } else if (auto* lifetime = std::get_if<ir::Lifetime>(&content)) {
    if (auto place = private_place(value(state, lifetime->object))) {
      std::erase_if(state.bytes, [&](const auto& entry) { return entry.first.region == place->region; });
    }
  } else if (auto* result = std::get_if<ir::Return>(&content)) {
    returned(std::move(state), *result, node);
    return;
  } else if (auto* dead = std::get_if<ir::Unreachable>(&content)) {
    unreachable(state, *dead, node);
    return;
  }
  continue_at(node, next[0], std::move(state));
}

}  // namespace validator::check
