// SPDX-License-Identifier: Apache-2.0
// The loop of attempts, the check that a difference stands firm, and the shrinking of what is reported.
#include "validator/replay/search.hpp"

#include <algorithm>
#include <deque>

#include "validator/replay/directed.hpp"
#include "validator/replay/generator.hpp"
#include "validator/replay/module_callees.hpp"
#include "validator/replay/program.hpp"

namespace validator::replay {

namespace {

/// Everything that stays the same over all runs of one problem.
struct Session {
  explicit Session(const SearchProblem& problem)
      : source(problem.source, Side::source),
        binary(problem.binary, Side::binary),
        callees(problem.source_module, problem.bodies) {
    if (problem.facts != nullptr) {
      facts = problem.facts;
    } else if (problem.source_module != nullptr) {
      own_facts = ModuleFacts::of(*problem.source_module, problem.image);
      facts = &own_facts;
    }
    options.facts = facts;
    options.callees = &callees;
    options.result_used = problem.result_used;
    options.x18_reserved = problem.x18_reserved;
  }

  Program source, binary;
  ModuleCallees callees;
  ModuleFacts own_facts;
  const ModuleFacts* facts = nullptr;
  CompareOptions options;
};

/// One run within limits that suffice for most; when they do not, within those that `session` then keeps.
Comparison run_to_the_end(Session& session, EntryState& entry, Environment& environment) {
  Comparison result = compare(session.source, session.binary, entry, environment, session.options);
  if (result.agreement == Agreement::differs) return result;
  session.options.limits = patient_limits;
  result = {};
  return compare(session.source, session.binary, entry, environment, session.options);
}

bool same_difference(const Comparison& comparison, const Difference& wanted) {
  return comparison.agreement == Agreement::differs && comparison.difference.kind == wanted.kind &&
         comparison.difference.event == wanted.event;
}

}  // namespace

namespace {

/// One run in so many starts from nothing that is known.
constexpr std::uint64_t fresh_every = 4;

/// States whose runs passed nodes as none before. The one that was used least is started from next.
class Corpus {
 public:
  bool empty() const { return states_.empty(); }

  void add(const EntryState& entry, const Environment& environment) {
    states_.push_back({guess_of(entry, environment)});
  }

  const Guess& choose(std::uint64_t roll) {
    constexpr unsigned looks = 3;
    State* best = nullptr;
    for (unsigned i = 0; i < looks; ++i) {
      State& state = states_[mix(roll, i) % states_.size()];
      if (best == nullptr || state.uses < best->uses) best = &state;
    }
    ++best->uses;
    return best->guess;
  }

 private:
  struct State {
    Guess guess;
    unsigned uses = 0;
  };
  std::deque<State> states_;
};

}  // namespace

std::optional<Counterexample> search_random(const SearchProblem& problem, const SearchOptions& options,
                                            SearchStatistics* statistics) {
  Session session(problem);
  Generator generator(problem, session.facts);
  session.options.limits = options.limits;
  session.options.record_path = statistics != nullptr && statistics->wants_nodes;
  std::vector<bool> source_seen(problem.source.graph.size()), binary_seen(problem.binary.graph.size());
  auto witness = [](const RunResult& run, std::vector<bool>& seen, std::set<ir::Graph::NodeId>& nodes) {
    for (ir::Graph::NodeId node : run.path) {
      if (!seen[node]) nodes.insert(node);
      seen[node] = true;
    }
  };
  Coverage coverage;
  Corpus corpus;
  Directed directed(problem.source, problem.binary, session.callees, coverage, options.solver_units);
  session.options.coverage = &coverage;
  if (options.steady) generator.be_steady();
  std::uint64_t steps = 0;
  for (std::uint64_t run = 0; run < options.runs && steps < options.steps; ++run) {
    EntryState entry;
    Environment environment;
    // Most runs are short: a huge loop bound costs as much as hundreds of other inputs.
    const bool is_long = options.steady || run % 16 == 15;
    session.options.limits.steps = is_long ? options.limits.steps : options.limits.steps / 10;
    const std::uint64_t seed = mix(options.seed, run);
    std::optional<Guess> guess = directed.next();
    if (!guess && !corpus.empty() && run % fresh_every != 0)
      guess = generator.neighbour(corpus.choose(seed), mix(seed, 1));
    if (guess)
      generator.start(seed, entry, environment, &*guess);
    else
      generator.start(seed, entry, environment, options.guess, run > 0);
    session.options.lazy = &generator;
    const Comparison comparison = compare_firmly(session.source, session.binary, entry, environment, session.options);
    steps += comparison.source.steps + comparison.binary.steps;
    if (statistics != nullptr) {
      ++statistics->runs;
      ++statistics->agreements[std::string(agreement_name(comparison.agreement))];
      if (comparison.agreement == Agreement::equal && statistics->wants_nodes) {
        witness(comparison.source, source_seen, statistics->source_nodes);
        witness(comparison.binary, binary_seen, statistics->binary_nodes);
      } else if (comparison.agreement != Agreement::differs && comparison.agreement != Agreement::equal) {
        ++statistics->reasons[comparison.text];
      }
    }
    if (comparison.agreement == Agreement::differs)
      return Counterexample{problem.source.symbol, std::move(entry), std::move(environment), comparison.difference};
    if (comparison.agreement == Agreement::bad_graph) return std::nullopt;
    if (options.steady) continue;
    // A state that no execution has leads nowhere.
    if (!coverage.is_new(comparison.agreement == Agreement::equal) || comparison.agreement == Agreement::assumption)
      continue;
    corpus.add(entry, environment);
    directed.expand(entry, environment, comparison);
  }
  return std::nullopt;
}

Comparison replay(const SearchProblem& problem, Counterexample& counterexample, bool record_path) {
  Session session(problem);
  session.options.record_path = record_path;
  counterexample.entry.image = problem.image;
  if (problem.source_module != nullptr) {
    // Objects of callees may not stand in the text form.
    EntryState placed;
    placed.image = problem.image;
    placed.place_globals(*problem.source_module);
    counterexample.entry.globals.insert(placed.globals.begin(), placed.globals.end());
    counterexample.entry.memory.bytes.insert(placed.memory.bytes.begin(), placed.memory.bytes.end());
  }
  counterexample.environment.contracts = problem.callees;
  run_to_the_end(session, counterexample.entry, counterexample.environment);
  return compare_firmly(session.source, session.binary, counterexample.entry, counterexample.environment,
                        session.options);
}

Counterexample simplify(const SearchProblem& problem, Counterexample counterexample) {
  Session session(problem);
  std::uint64_t attempts = 0;
  {
    // What takes millions of steps to show is shown as it was found.
    constexpr std::uint64_t most_steps = 100'000'000, fewest_attempts = 100;
    const Comparison found = run_to_the_end(session, counterexample.entry, counterexample.environment);
    attempts = most_steps / (found.source.steps + found.binary.steps + 1);
    counterexample.difference = found.difference;
    if (attempts < fewest_attempts) return counterexample;
  }
  auto stands = [&](const Counterexample& candidate) {
    EntryState entry = candidate.entry;
    Environment environment = candidate.environment;
    return same_difference(compare_firmly(session.source, session.binary, entry, environment, session.options),
                           counterexample.difference);
  };
  auto attempt = [&](auto&& change) {
    if (attempts == 0) return;
    --attempts;
    Counterexample candidate = counterexample;
    change(candidate);
    if (stands(candidate)) counterexample = std::move(candidate);
  };
  for (unsigned i = 0; i < 30; ++i) {
    if (counterexample.entry.x[i] != 0) attempt([i](Counterexample& c) { c.entry.x[i] = 0; });
  }
  attempt([](Counterexample& c) { c.entry.n = c.entry.z = c.entry.c = c.entry.v = false; });
  for (std::size_t k = 0; k < counterexample.environment.answers.size(); ++k) {
    if (!counterexample.environment.answers[k].writes.empty())
      attempt([k](Counterexample& c) { c.environment.answers[k].writes.clear(); });
  }
  // Initial content that the program relies on is not ours to change.
  auto is_fixed = [&](std::uint64_t address) {
    if (address - unplaced_objects < 0x1'0000'0000) return true;
    if (session.facts == nullptr) return false;
    return std::any_of(session.facts->frozen_globals.begin(), session.facts->frozen_globals.end(),
                       [&](const auto& name) {
                         auto global = counterexample.entry.globals.find(name);
                         return global != counterexample.entry.globals.end() &&
                                address + 7 - global->second.address < global->second.bytes + 7;
                       });
  };
  std::vector<std::uint64_t> addresses;
  for (const auto& [address, byte] : counterexample.entry.memory.bytes)
    if (!is_fixed(address & ~std::uint64_t{7}) && (addresses.empty() || addresses.back() / 8 != address / 8))
      addresses.push_back(address);
  constexpr std::size_t most_words = 64;
  for (std::size_t i = 0; i < addresses.size() && i < most_words; ++i) {
    attempt([address = addresses[i] & ~std::uint64_t{7}](Counterexample& c) {
      for (unsigned k = 0; k < 8; ++k)
        if (auto byte = c.entry.memory.bytes.find(address + k); byte != c.entry.memory.bytes.end()) byte->second = 0;
    });
  }
  // The final state of entry and answers, with the placements that its own run forces.
  const Comparison last =
      compare(session.source, session.binary, counterexample.entry, counterexample.environment, session.options);
  counterexample.difference = last.difference;
  return counterexample;
}

}  // namespace validator::replay
