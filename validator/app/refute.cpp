// SPDX-License-Identifier: Apache-2.0
#include "validator/app/refute.hpp"

#include <sstream>

#include "validator/search/models.hpp"

namespace validator::app {
namespace {

/// Runs from each model: the model itself, then with some of it drawn anew.
constexpr std::uint64_t runs_of_model = 40;
constexpr std::uint64_t directed_runs = 1200;
constexpr std::uint64_t thorough_runs = 4000;
constexpr std::uint64_t thorough_seed = 2;
/// For functions that do not come to their end otherwise.
constexpr std::uint64_t long_runs = 48;
/// For what shows only when a wait has given up.
constexpr std::uint64_t patient_runs = 8;
constexpr std::uint64_t patient_steps = 60'000'000;
/// How often callees are inlined because a difference at their call may be the compiler's knowledge of them.
constexpr unsigned inlining_rounds = 8;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

replay::Guess guess_of(const search::EntryModel& model) {
  replay::Guess guess;
  guess.x = model.registers;
  guess.memory = model.memory;
  for (const auto& [offset, word] : model.stack_arguments) {
    for (unsigned i = 0; i < 8; ++i)
      guess.memory[replay::default_stack + offset + i] = static_cast<std::uint8_t>(word >> (8 * i));
  }
  for (const auto& [event, answer] : model.answers) {
    replay::Answer& to = guess.answers[event];
    to.x = answer.registers;
    to.has_value = answer.value.has_value();
    to.value = answer.value.value_or(0);
    to.writes.assign(answer.memory.begin(), answer.memory.end());
  }
  return guess;
}

/// Local functions that the function calls, directly or through others of them.
std::set<std::uint64_t> local_callees(const Loaded& loaded, const std::string& symbol) {
  std::set<std::uint64_t> result;
  std::vector<std::string> work{symbol};
  while (!work.empty()) {
    const auto facts = loaded.binary.facts.functions.find(work.back());
    work.pop_back();
    if (facts == loaded.binary.facts.functions.end()) continue;
    for (const std::string& callee : facts->second.callees) {
      const auto known = loaded.binary.facts.functions.find(callee);
      if (known == loaded.binary.facts.functions.end() || may_refute(loaded, callee)) continue;
      if (result.insert(known->second.address).second) work.push_back(callee);
    }
  }
  return result;
}

}  // namespace

Refuter::Refuter(const Loaded& loaded, const std::string& symbol, const Limits& limits,
                 std::set<std::uint64_t> inline_both)
    : loaded_(loaded),
      symbol_(symbol),
      limits_(limits),
      inline_both_(std::move(inline_both)),
      pair_(std::make_shared<TestPair>(loaded, symbol, inline_both_)) {
  statistics_.wants_nodes = false;
}

std::vector<std::string> Refuter::inlined() const {
  return {pair_->pair().inlined_binaries.begin(), pair_->pair().inlined_binaries.end()};
}

std::optional<Outcome> Refuter::by_testing(std::uint64_t runs) {
  replay::SearchOptions options;
  options.runs = runs;
  return search(options);
}

std::optional<Outcome> Refuter::by_models() {
  // Inlining more callees makes another pair, with other models.
  for (std::shared_ptr<const TestPair> asked; asked != pair_ && !hopeless_;) {
    asked = pair_;
    if (std::optional<Outcome> found = try_models_of(*asked)) return found;
  }
  // To the solver a callee answers anything. What it really needs and answers shows when it is inlined.
  const std::unique_ptr<const TestPair> deep = deep_pair();
  return deep ? try_models_of(*deep) : std::nullopt;
}

std::optional<Outcome> Refuter::try_models_of(const TestPair& asked) {
  constexpr std::uint64_t object_bytes = 0x40'0000'0000;
  const search::World world{replay::default_stack, replay::return_address, replay::object_regions, object_bytes};
  const search::ModelLimits limits{limits_.query_units / 10, limits_.function_units / 10, limits_.seed};
  const std::shared_ptr<const TestPair> before = pair_;
  std::optional<Outcome> result;
  search::offer_models(asked.pair(), asked.proof(), asked.evidence(), world, limits,
                       [&](const search::EntryModel& model) {
                         const replay::Guess guess = guess_of(model);
                         replay::SearchOptions options;
                         options.guess = &guess;
                         options.runs = runs_of_model;
                         result = search(options);
                         return result || hopeless_ || pair_ != before;
                       });
  return result;
}

/// The pair with the bodies of callees that concrete runs run, as deep as they stay small. Null when there are none.
std::unique_ptr<const TestPair> Refuter::deep_pair() const {
  constexpr std::size_t node_limit = 6000;
  for (const unsigned depth : {8U, 3U, 2U, 1U}) {
    std::set<std::uint64_t> callees = inline_both_;
    std::vector<std::string> level{symbol_};
    for (unsigned i = 0; i < depth && !level.empty(); ++i) {
      std::vector<std::string> next;
      for (const std::string& caller : level) {
        const auto facts = loaded_.binary.facts.functions.find(caller);
        if (facts == loaded_.binary.facts.functions.end()) continue;
        for (const std::string& callee : facts->second.callees) {
          const auto known = loaded_.binary.facts.functions.find(callee);
          const auto body = loaded_.source.functions.find(callee);
          const bool both = known != loaded_.binary.facts.functions.end() && body != loaded_.source.functions.end();
          if (both && !pair_->is_opaque(body->second) && callee != symbol_ &&
              callees.insert(known->second.address).second)
            next.push_back(callee);
        }
      }
      level = std::move(next);
    }
    if (callees == inline_both_) return nullptr;
    auto pair = std::make_unique<const TestPair>(loaded_, symbol_, callees);
    const std::size_t nodes = pair->pair().source.graph.size() + pair->pair().binary.graph.size();
    if (pair->complete() && nodes <= node_limit) return pair;
  }
  return nullptr;
}

std::optional<Outcome> Refuter::by_all_means() {
  replay::SearchOptions options;
  options.runs = directed_runs;
  options.solver_units = limits_.function_units / 10;
  if (std::optional<Outcome> found = search(options)) return found;
  if (std::optional<Outcome> found = by_models()) return found;
  options.runs = thorough_runs;
  options.seed = thorough_seed;
  if (std::optional<Outcome> found = search(options)) return found;
  const auto cut_off = statistics_.reasons.find("step limit of the source run");
  if (cut_off == statistics_.reasons.end()) return std::nullopt;
  if (cut_off->second >= statistics_.runs / 2) {
    options.runs = long_runs;
    options.limits = {};
    if (std::optional<Outcome> found = search(options)) return found;
  }
  options.runs = patient_runs;
  options.limits = replay::patient_limits;
  options.steady = true;
  options.steps = patient_steps;
  return search(options);
}

std::optional<Outcome> find_counterexample(const Loaded& loaded, const std::string& symbol, const Limits& limits,
                                           replay::SearchStatistics* statistics) {
  std::vector<Way> choices;
  if (may_refute(loaded, symbol)) {
    choices.push_back({symbol, {}});
    if (std::set<std::uint64_t> local = local_callees(loaded, symbol); !local.empty())
      choices.push_back({symbol, std::move(local)});
  } else {
    choices = ways_into(loaded, symbol);
  }
  for (const auto& [root, inline_both] : choices) {
    Refuter refuter(loaded, root, limits, inline_both);
    if (std::optional<Outcome> found = refuter.by_testing(first_runs)) return found;
    if (std::optional<Outcome> found = refuter.by_all_means()) return found;
    if (statistics != nullptr) *statistics = refuter.statistics();
  }
  return std::nullopt;
}

std::optional<Outcome> Refuter::search(const replay::SearchOptions& options) {
  for (unsigned round = 0; round < inlining_rounds && !hopeless_ && !pair_->calls_what_was_not_lifted(); ++round) {
    std::optional<replay::Counterexample> found = replay::search_random(pair_->problem(), options, &statistics_);
    if (!found) return std::nullopt;
    if (!inline_doubtful(*found)) return settle(std::move(*found));
  }
  return std::nullopt;
}

/// A compiler that sees a callee's body may move, repeat, drop or half inline its calls, or pass it less than its
/// interface says. So a difference at such a call counts only when it stands with the callee inlined in both halves.
/// True: they now are, and the search has to begin anew.
bool Refuter::inline_doubtful(replay::Counterexample& found) {
  const replay::Comparison comparison = replay::replay(pair_->problem(), found, false);
  std::set<std::uint64_t> callees;
  const std::size_t event = comparison.difference.event;
  // What a footprint allows changes at the events around it.
  for (const std::size_t k : {event, event - 1}) {
    const auto& source = comparison.source.events;
    const auto& binary = comparison.binary.events;
    callees.merge(
        pair_->transparent_callees(k < source.size() ? &source[k] : nullptr, k < binary.size() ? &binary[k] : nullptr));
    const bool footprint = comparison.difference.kind == replay::DifferenceKind::extra_read ||
                           comparison.difference.kind == replay::DifferenceKind::extra_write;
    if (!footprint) break;
  }
  if (callees.empty()) return false;
  inline_both_.merge(callees);
  pair_ = std::make_shared<TestPair>(loaded_, symbol_, inline_both_);
  hopeless_ = !pair_->complete() || !callees.empty();
  return true;
}

std::optional<Outcome> Refuter::settle(replay::Counterexample found) {
  replay::Counterexample simple = replay::simplify(pair_->problem(), std::move(found));
  simple.inlined.assign(inline_both_.begin(), inline_both_.end());
  const replay::Confirmation confirmation = replay::confirm(pair_->problem(), simple);
  Outcome outcome;
  outcome.details = lines_of(confirmation.text);
  using Status = replay::Confirmation::Status;
  if (confirmation.status == Status::confirmed) {
    outcome.verdict = Verdict::refuted;
    outcome.reason = replay::difference_name(simple.difference.kind);
    outcome.text = simple.difference.text;
    outcome.certificate = replay::to_json(simple);
    return outcome;
  }
  if (confirmation.status == Status::model_disagrees) {
    outcome.verdict = Verdict::error;
    outcome.reason = "model-disagrees";
    outcome.text = "the emulator and the binary's graph part on one run";
    return outcome;
  }
  return std::nullopt;
}

}  // namespace validator::app
