// SPDX-License-Identifier: Apache-2.0
// See models.hpp.
#include "validator/search/models.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "ir/smt.hpp"
#include "validator/check/load_abstraction.hpp"
#include "validator/check/memory_order.hpp"
#include "validator/search/session.hpp"
#include "validator/search/unroll.hpp"

namespace validator::search {

using check::Obligation;
using ir::Answer;
using ir::Term;

namespace {

constexpr unsigned iteration_counts[] = {1, 2, 4};
/// Share of the units of a query for the attempt without memory, which most obligations that hold pass.
constexpr std::uint64_t glance_divisor = 10;

Term word_variable(const std::string& name) { return ir::var(name, ir::Sort::bitvec(64)); }

/// The session of a pair without loops, with the places of escaped locals that its events suggest.
Session run_without_loops(const Pair& pair, const check::Evidence& evidence) {
  check::Certificate certificate;
  Session session = run_session(pair, evidence, certificate);
  for (const auto& [local, offset] : session.binary->proposed_placements) {
    if (session.source->escaped.contains(local)) certificate.placements.emplace(local, offset);
  }
  if (certificate.placements.empty()) return session;
  return run_session(pair, evidence, certificate);
}

class ModelSearch {
 public:
  ModelSearch(const Session& session, const Problem& problem, const World& world, const ModelLimits& limits, ModelCost& cost,
              const std::function<bool(const EntryModel&)>& accept)
      : session_(session), facts_(session.facts()), problem_(problem), world_(world), limits_(limits), cost_(cost), accept_(accept) {}

  /// True when a model was accepted.
  bool run() {
    fix_entry();
    note_good_addresses();
    // Behaviour that the source leaves undefined later on may justify nothing before it, yet a replay stops there: so first those
    // states in which the source is defined throughout.
    for (const bool defined_throughout : {true, false}) {
      for (const Obligation& obligation : session_.binary->obligations) {
        if (cost_.units > limits_.units) return false;
        if (obligation.text.ends_with(beyond_bound)) continue;
        if (try_obligation(obligation, defined_throughout)) return true;
      }
    }
    return false;
  }

 private:
  void fix_entry() {
    entry_.push_back(ir::eq(word_variable("SP"), ir::bv(world_.stack, 64)));
    entry_.push_back(ir::eq(word_variable("X30"), ir::bv(world_.return_address, 64)));
  }

  /// Where the source accesses objects when all is as in an ordinary run: room for objects, or data of the image.
  void note_good_addresses() {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
    for (const check::Access& access : session_.source->accesses) {
      const ir::BaseOffset at = ir::base_offset(access.address);
      if (!at.base || at.base == word_variable("SP")) continue;
      if (!seen.emplace(access.path.id(), at.base.id()).second) continue;
      std::vector<Term> places{within(access.address, world_.objects, world_.objects_bytes)};
      for (const Segment& segment : problem_.image.segments) {
        if (segment.writable) places.push_back(within(access.address, segment.address, segment.bytes.size()));
      }
      good_.push_back(ir::implies(access.path, ir::logical_or(places)));
    }
  }

  static Term within(Term address, std::uint64_t from, std::uint64_t bytes) {
    return ir::ult(ir::sub(address, ir::bv(from, 64)), ir::bv(bytes, 64));
  }

  std::vector<Term> facts_for(const Obligation& obligation, bool defined_throughout) const {
    std::vector<Term> result = entry_;
    for (const check::Fact& fact : facts_) {
      const Term whole = ir::implies(fact.path, fact.condition);
      const bool always = defined_throughout || !fact.count || fact.kind.ends_with(beyond_bound);
      const Term known = always ? whole : ir::implies(ir::ule(fact.count, obligation.count), whole);
      if (!known.is_true()) result.push_back(known);
    }
    result.push_back(obligation.guard);
    return result;
  }

  bool try_obligation(const Obligation& obligation, bool defined_throughout) {
    if (obligation.guard.is_false()) return false;
    const Term goal = obligation.goal ? obligation.goal : ir::eq(order_.normal(obligation.left), order_.normal(obligation.right));
    if (ir::implies(obligation.guard, goal).is_true()) return false;
    const std::vector<Term> facts = facts_for(obligation, defined_throughout);
    if (holds_without_memory(facts, goal)) return false;
    const std::optional<ir::Valuation> any = model(facts, goal, {});
    if (!any) return false;
    if (const auto ordinary = model(facts, goal, good_); ordinary && accept_(read(*ordinary, obligation))) return true;
    return accept_(read(*any, obligation));
  }

  bool holds_without_memory(const std::vector<Term>& facts, Term goal) {
    if (check::compares_memories(goal)) return false;
    check::LoadAbstraction abstraction;
    ir::Solver solver({.resource_limit = limits_.query_units / glance_divisor, .seed = limits_.seed, .abstract_arithmetic = true});
    for (Term fact : facts) {
      if (!check::compares_memories(fact)) solver.assume(abstraction.apply(fact));
    }
    const Answer answer = solver.prove(abstraction.apply(goal));
    count(solver);
    return answer == Answer::valid;
  }

  std::optional<ir::Valuation> model(const std::vector<Term>& facts, Term goal, const std::vector<Term>& wishes) {
    ir::Solver solver({.resource_limit = limits_.query_units, .seed = limits_.seed});
    for (Term fact : facts) solver.assume(fact);
    for (Term wish : wishes) solver.assume(wish);
    const Answer answer = solver.prove(goal);
    count(solver);
    if (answer != Answer::invalid) return std::nullopt;
    return solver.model();
  }

  void count(const ir::Solver& solver) {
    cost_.queries += solver.statistics().queries;
    cost_.units += solver.statistics().resource_units;
  }

  EntryModel read(const ir::Valuation& valuation, const Obligation& obligation) const {
    EntryModel result;
    result.obligation = fmt::format("{} at {}", obligation.kind, obligation.text);
    for (const auto& [variable, value] : valuation.scalars) {
      const std::string& name = variable.name();
      const std::string stack = "stack_argument@";
      if (name.starts_with(stack)) {
        result.stack_arguments[static_cast<unsigned>(std::stoul(name.substr(stack.size())))] = static_cast<std::uint64_t>(value);
      }
    }
    for (unsigned i = 0; i < 30; ++i) {
      const auto found = valuation.scalars.find(word_variable(fmt::format("X{}", i)));
      if (found != valuation.scalars.end()) result.registers[i] = static_cast<std::uint64_t>(found->second);
    }
    const auto memory = valuation.memories.find(ir::var("memory", ir::Sort::memory()));
    if (memory != valuation.memories.end()) result.memory = memory->second->written();
    ir::Evaluator evaluator(valuation);
    for (const check::Event& event : session_.source->events) {
      if (evaluator.scalar(event.path) == 0) continue;
      read_answer(event, valuation, evaluator, result.answers[static_cast<std::size_t>(evaluator.scalar(event.count))]);
    }
    return result;
  }

  static void read_answer(const check::Event& event, const ir::Valuation& valuation, ir::Evaluator& evaluator, AnswerModel& answer) {
    for (const ir::AbiSlot& slot : event.results) {
      const auto value = valuation.scalars.find(slot.term);
      if (value == valuation.scalars.end()) continue;
      if (event.kind == check::EventKind::call) answer.registers[slot.place.index] = static_cast<std::uint64_t>(value->second);
      else answer.value = value->second;
    }
    if (!event.memory_after || event.keeps_memory) return;
    const auto after = valuation.memories.find(event.memory_after);
    if (after == valuation.memories.end()) return;
    const auto before = evaluator.memory(event.memory_before);
    for (const auto& [address, byte] : after->second->written()) {
      if (before->byte(address) != byte) answer.memory[address] = byte;
    }
  }

  const Session& session_;
  const std::vector<check::Fact> facts_;
  const Problem& problem_;
  const World& world_;
  const ModelLimits& limits_;
  ModelCost& cost_;
  const std::function<bool(const EntryModel&)>& accept_;
  check::MemoryOrder order_;
  std::vector<Term> entry_, good_;
};

}  // namespace

ModelCost offer_models(const Pair& pair, const Problem& problem, const check::Evidence& evidence, const World& world,
                       const ModelLimits& limits, const std::function<bool(const EntryModel&)>& accept) {
  ModelCost cost;
  const bool loops = has_loops(pair.source.graph) || has_loops(pair.binary.graph);
  for (const unsigned iterations : iteration_counts) {
    Pair bounded = pair;
    if (!unroll(bounded.source.graph, iterations) || !unroll(bounded.binary.graph, iterations)) break;
    try {
      const Session session = run_without_loops(bounded, evidence);
      if (ModelSearch(session, problem, world, limits, cost, accept).run()) break;
    } catch (const check::Unprovable&) {
      // Outside what the checker covers: no model, and no verdict rests on that.
      break;
    }
    if (!loops || cost.units > limits.units) break;
  }
  return cost;
}

}  // namespace validator::search
