// SPDX-License-Identifier: Apache-2.0
// See meetings.hpp.
#include "validator/search/meetings.hpp"

#include <algorithm>
#include <set>
#include <unordered_set>

namespace validator::search {

using check::Meeting;
using check::Obligation;
using check::Point;
using check::SourceValue;
using check::State;
using ir::Graph;
using ir::Term;

namespace {

/// Solver questions for one thing that could be met.
constexpr unsigned question_limit = 2;
constexpr std::uint64_t path_units = 600'000;
constexpr std::uint64_t memory_units = 1'500'000;
/// Values are many, and most of those that look equal are so by chance.
constexpr std::uint64_t value_units = 300'000;
/// For all meetings of one function.
constexpr std::uint64_t sweep_units = 40'000'000;

/// Terms of a path condition from which on a cut pays.
constexpr std::size_t long_path = 8;

bool is_computed(Term term) { return !term.is_constant() && !term.is_variable(); }

/// A condition with more than a few atoms in it.
bool is_long(Term path) {
  std::set<std::uint32_t> seen;
  std::vector<Term> work{path};
  while (!work.empty() && seen.size() <= long_path) {
    const Term term = work.back();
    work.pop_back();
    const bool inner = term.is(ir::Op::logical_and) || term.is(ir::Op::logical_not);
    if (!seen.insert(term.id()).second || !inner) continue;
    work.insert(work.end(), term.args().begin(), term.args().end());
  }
  return seen.size() > long_path;
}

/// The cut without a loop at two nodes that are reached together.
check::Cut cut_between(const Point& at, Graph::NodeId source, Graph::NodeId binary) {
  check::Cut cut;
  cut.source_header = source;
  cut.binary_header = binary;
  const Term base = ir::base_offset(at.count).base;
  cut.count = base && !base.is_variable();
  cut.memory = is_computed(at.memory);
  return cut;
}

}  // namespace

Meetings::Source::Source(const check::SourceRun& run) : simulation(run) {
  std::unordered_set<Term> seen;
  for (const Graph::NodeId node : ir::reverse_post_order(run.function().graph)) {
    const auto found = run.points.find(node);
    if (found == run.points.end()) continue;
    const Point& point = found->second;
    if (seen.insert(point.path).second) paths.emplace_back(point.path, node);
    if (is_computed(point.memory) && seen.insert(point.memory).second) memories.emplace_back(point, node);
    points.emplace_back(point, node);
  }
  for (const auto& [node, terms] : run.values) {
    for (std::size_t i = 0; i < terms.size(); ++i) {
      if (is_computed(terms[i]) && terms[i].sort().is_bitvec() && seen.insert(terms[i]).second) {
        values.emplace_back(terms[i], SourceValue{node, i});
      }
    }
  }
}

bool Meetings::holds(const check::SourceRun& source, const check::BinaryRun& binary, const Obligation& obligation) {
  std::vector<std::uint32_t> key;
  for (Term term : {obligation.guard, obligation.goal, obligation.left, obligation.right, obligation.count}) {
    key.push_back(term ? term.id() + 1 : 0);
  }
  auto [answer, asked] = answers_.try_emplace(std::move(key), false);
  if (!asked) return answer->second;
  std::vector<check::Fact> facts = source.facts;
  facts.insert(facts.end(), binary.facts.begin(), binary.facts.end());
  discharger_.set_facts(std::move(facts));
  const std::uint64_t before = discharger_.solver_units();
  if (before - units_at_start_ > sweep_units) return false;
  discharger_.allow(obligation.kind == "meeting-value" ? value_units : obligation.kind == "meeting-path" ? path_units : memory_units);
  answer->second = discharger_.ask_cheaply(obligation) == ir::Answer::valid;
  discharger_.unbounded();
  return answer->second;
}

Meeting Meetings::find(const check::SourceRun& source, const check::BinaryRun& binary, Graph::NodeId node,
                       State state) {
  if (bottleneck_) return {};
  if (!source_) source_.emplace(source);
  Simulation& simulation = source_->simulation;
  Meeting meeting;
  simulation.restrict_to(binary.facts);
  const std::vector<std::size_t> samples = simulation.where(state.path);
  if (samples.empty()) return meeting;
  const auto test = [&](const char* kind, Term guard, Term goal, Term left, Term right, Term count) {
    return holds(source, binary, {kind, "", guard, goal, Term(), left, right, count});
  };

  const auto met_path = std::find_if(source_->paths.begin(), source_->paths.end(),
                                     [&](const auto& entry) { return entry.first == state.path; });
  if (met_path != source_->paths.end()) {
    meeting.path = met_path->second;
  } else {
    unsigned questions = 0;
    for (const auto& [path, at] : source_->paths) {
      if (simulation.where(path) != samples) continue;
      if (questions++ == question_limit) break;
      if (!test("meeting-path", ir::boolean(true), ir::eq(path, state.path), Term(), Term(), ir::bv(0, 64))) continue;
      meeting.path = at;
      state.path = path;
      break;
    }
  }

  if (is_computed(state.memory) && std::none_of(source_->memories.begin(), source_->memories.end(), [&](const auto& entry) {
        return entry.first.memory == state.memory;
      })) {
    unsigned questions = 0;
    for (const auto& [point, at] : source_->memories) {
      if (meeting.memory || questions == question_limit) break;
      if (!source.counts_may_agree(point.count, state.count)) continue;
      const bool same = std::all_of(samples.begin(), samples.end(), [&](std::size_t sample) {
        return simulation.fingerprint(sample, point.memory) == simulation.fingerprint(sample, state.memory);
      });
      if (!same) continue;
      ++questions;
      if (!test("meeting-memory", state.path, Term(), point.memory, state.memory, state.count)) continue;
      meeting.memory = at;
      state.memory = point.memory;
    }
  }
  note_bottleneck(source, binary, node, state);
  if (bottleneck_) return meeting;

  for (unsigned v = 0; v < binary.variables().size(); ++v) {
    const Term ours = state.variables[v];
    if (!ours || !ours.sort().is_bitvec() || !is_computed(ours) || !binary.variables().live(node, v)) continue;
    // What a loop leaves alone has to be the same term when it comes back.
    const bool kept = std::any_of(binary.cut_states.begin(), binary.cut_states.end(), [&](const auto& entry) {
      return entry.second.variables[v] == ours;
    });
    if (kept) continue;
    unsigned questions = 0;
    bool met = false;
    std::optional<SourceValue> partner;
    for (const auto& [term, origin] : source_->values) {
      const Term theirs = check::BinaryRun::meeting_value(term, ours.sort());
      if (!theirs) continue;
      if ((met = theirs == ours)) break;
      if (partner || questions == question_limit) continue;
      const bool same = std::all_of(samples.begin(), samples.end(), [&](std::size_t sample) {
        return simulation.value(sample, theirs) == simulation.value(sample, ours);
      });
      if (!same) continue;
      ++questions;
      if (test("meeting-value", state.path, ir::eq(theirs, ours), Term(), Term(), state.count)) partner = origin;
    }
    if (partner && !met) meeting.values.emplace(binary.variables().variable(v).name(), *partner);
  }

  return meeting;
}

void Meetings::note_bottleneck(const check::SourceRun& source, const check::BinaryRun& binary, Graph::NodeId node, const State& state) {
  if (!binary.at_bottleneck() || !is_long(state.path) || binary.is_cut(node)) return;
  for (const auto& [point, at] : source_->points) {
    if (point.path != state.path || point.memory != state.memory || source.is_cut(at)) continue;
    bottleneck_ = cut_between(point, at, node);
    return;
  }
}

}  // namespace validator::search
