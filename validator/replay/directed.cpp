// SPDX-License-Identifier: Apache-2.0
#include "validator/replay/directed.hpp"

#include <algorithm>
#include <unordered_set>

namespace validator::replay {

namespace {

constexpr std::uint64_t query_units = 300'000;
/// States that one goal, or one branch, gets: what comes of them depends on the path.
constexpr unsigned tries = 16;

using Variables = std::unordered_set<ir::Term>;

}  // namespace

/// Questions about the states of one path.
struct Directed::Query {
  PathInputs& inputs;
  std::uint64_t& units_left;
  std::deque<Guess>& answers;
  std::unordered_map<ir::Term, std::vector<ir::Term>> variables = {};

  const std::vector<ir::Term>& variables_of(ir::Term term) {
    const auto [at, is_new] = variables.try_emplace(term);
    if (is_new) at->second = ir::variables_of(term);
    return at->second;
  }

  /// A state that satisfies the first `count` of the conditions and the wish. Conditions that share no variable with
  /// the wish, not even through others, hold in it as they do in the run. True: there is one.
  bool ask(const std::vector<PathCondition>& conditions, std::size_t count, ir::Term wish) {
    if (wish.is_false() || units_left == 0) return false;
    const std::vector<ir::Term>& own = variables_of(wish);
    if (own.empty()) return false;
    Variables asked(own.begin(), own.end());
    std::vector<bool> used(count);
    ir::Solver solver({.resource_limit = query_units});
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t i = 0; i < count; ++i) {
        if (used[i]) continue;
        const std::vector<ir::Term>& theirs = variables_of(conditions[i].term);
        if (std::none_of(theirs.begin(), theirs.end(), [&](ir::Term variable) { return asked.contains(variable); }))
          continue;
        used[i] = changed = true;
        asked.insert(theirs.begin(), theirs.end());
        solver.assume(conditions[i].term);
      }
    }
    const bool found = solver.satisfiable(wish) == ir::Answer::valid;
    if (found) answers.push_back(inputs.with(solver.model(), asked));
    units_left -= std::min(units_left, solver.statistics().resource_units);
    return found;
  }
};

void Directed::expand(const EntryState& entry, const Environment& environment, const Comparison& comparison) {
  if (units_left_ == 0) return;
  PathInputs inputs(entry, environment);
  Query query{inputs, units_left_, queue_};
  const Path source = follow(source_, Side::source, comparison.source, inputs, callees_);
  if (comparison.agreement == Agreement::equal) {
    const Path binary = follow(binary_, Side::binary, comparison.source, inputs, callees_, &source);
    ask_for_differences(source, binary, query);
    ask_for_branches(binary, query);
  }
  ask_for_branches(source, query);
  if (source.wish && ++asked_[source.wish] <= tries)
    query.ask(source.conditions, source.conditions.size(), source.wish);
}

std::optional<Guess> Directed::next() {
  if (queue_.empty()) return std::nullopt;
  Guess result = std::move(queue_.front());
  queue_.pop_front();
  return result;
}

void Directed::ask_for_differences(const Path& source, const Path& binary, Query& query) {
  auto ask = [&](std::size_t conditions, ir::Term equal) {
    if (equal.is_true() || ++asked_[equal] > tries) return;
    query.ask(source.conditions, conditions, ir::logical_not(equal));
  };
  auto ask_same = [&](std::size_t conditions, ir::Term left, ir::Term right) {
    if (!left || !right || left == right) return;
    const unsigned bits = std::min(left.width(), right.width());
    if (bits == 0) return;
    ask(conditions, ir::eq(ir::extract(bits - 1, 0, left), ir::extract(bits - 1, 0, right)));
  };
  const std::size_t all = source.conditions.size();
  for (std::size_t i = 0; i < std::min(source.events.size(), binary.events.size()); ++i) {
    const PathEvent& left = source.events[i];
    const PathEvent& right = binary.events[i];
    for (const PathSlot& argument : left.arguments)
      if (argument.place.kind == ir::AbiPlace::Kind::x_register && argument.place.index < right.x.size() &&
          !argument.term.sort().is_bool())
        ask_same(left.conditions, argument.term, right.x[argument.place.index]);
    for (std::size_t k = 0; k < std::min(left.operands.size(), right.operands.size()); ++k)
      ask_same(left.conditions, left.operands[k], right.operands[k]);
  }
  for (const PathCondition& condition : binary.conditions) ask(all, condition.term);
  if (!source.complete || !binary.complete) return;
  for (const PathSlot& result : source.results)
    if (result.place.kind == ir::AbiPlace::Kind::x_register && !result.term.sort().is_bool())
      ask_same(all, result.term, binary.x[result.place.index]);
  for (const auto& [address, byte] : source.written)
    if (const auto other = binary.written.find(address); other != binary.written.end())
      ask_same(all, byte, other->second);
}

void Directed::ask_for_branches(const Path& path, Query& query) {
  for (std::size_t i = 0; i < path.conditions.size(); ++i) {
    const PathCondition& condition = path.conditions[i];
    if (condition.kind != PathCondition::Kind::branch || coverage_.has_seen(*condition.function, condition.other))
      continue;
    unsigned& aimed = aimed_at_[condition.function][condition.other];
    if (aimed < tries && query.ask(path.conditions, i, ir::logical_not(condition.term))) ++aimed;
  }
}

}  // namespace validator::replay
