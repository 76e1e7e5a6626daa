// SPDX-License-Identifier: Apache-2.0
// Does a changed binary agree with the source in this run, and how natural is the run that it then has?
#include <algorithm>
#include <set>

#include "validator/replay/module_callees.hpp"
#include "validator/report/html/repair.hpp"

namespace validator::report::html {
namespace {

/// A page must not cost what a proof costs: nodes of all runs together.
constexpr std::uint64_t most_steps = 3'000'000;
/// What setting up one run costs, in nodes.
constexpr std::uint64_t overhead = 500;

}  // namespace

Workshop::Workshop(const Failure& failure, const Ways& source, const Ways& binary)
    : failure_(failure),
      source_(source),
      binary_(binary),
      callees_(std::make_unique<replay::ModuleCallees>(failure.problem.source_module, failure.problem.bodies)),
      program_(failure.problem.source, replay::Side::source) {
  for (const Step& step : source.steps.list) source_lines_.insert(source.line_of(step.node));
  for (ir::Graph::NodeId node = 0; node < source.graph.size(); ++node) known_to_source_.insert(source.line_of(node));
  for (ir::Graph::NodeId node = 0; node < binary.graph.size(); ++node) known_to_binary_.insert(binary.line_of(node));
  options_.callees = callees_.get();
  options_.facts = failure.problem.facts;
  options_.x18_reserved = failure.problem.x18_reserved;
  options_.result_used = failure.problem.result_used;
  options_.record_path = true;
  options_.limits.steps = 1000 + 2 * (source.steps.list.size() + binary.steps.list.size());
}

bool Workshop::try_this(const ir::Function& changed, const Instruction& instruction, Repair repair) {
  if (steps_ > most_steps) return false;
  const replay::Program program(changed, replay::Side::binary);
  replay::EntryState entry = failure_.counterexample.entry;
  replay::Environment environment = failure_.counterexample.environment;
  const replay::Comparison tried = replay::compare(program_, program, entry, environment, options_);
  steps_ += overhead + tried.source.steps + tried.binary.steps;
  if (tried.agreement != replay::Agreement::equal) return false;
  repair.step = instruction.steps.front();
  repair.cost += 6 * oddities(tried, changed, entry);
  if (!best_ || repair.cost < best_->cost) best_ = std::move(repair);
  return true;
}

/// Lines that only one side comes to though both have them, instructions whose values the source never has, and
/// places that the source does not access.
unsigned Workshop::oddities(const replay::Comparison& comparison, const ir::Function& changed,
                            const replay::EntryState& entry) const {
  const Steps steps = steps_of(changed, comparison.binary, comparison.binary, entry);
  std::set<std::uint64_t> strange, foreign;
  std::set<int> lines;
  for (std::size_t i = 0; i < steps.list.size(); ++i) {
    if (first_strange(steps, {i}, source_.steps)) strange.insert(changed.graph.at(steps.list[i].node).address);
    lines.insert(binary_.line_of(steps.list[i].node));
  }
  const auto only_ours = [&](int line) {
    return line >= 0 && known_to_source_.contains(line) && !source_lines_.contains(line);
  };
  const auto only_theirs = [&](int line) {
    return line >= 0 && known_to_binary_.contains(line) && !lines.contains(line);
  };
  const auto other_lines = std::ranges::count_if(lines, only_ours) + std::ranges::count_if(source_lines_, only_theirs);
  for (const replay::Access& access : comparison.binary.accesses) {
    const bool known = std::ranges::any_of(comparison.source.accesses, [&](const replay::Access& other) {
      return other.address < access.address + access.bytes && access.address < other.address + other.bytes;
    });
    if (!known && !access.by_environment && entry.sp - access.address >= frame_bytes) foreign.insert(access.address);
  }
  return static_cast<unsigned>(strange.size() + foreign.size()) + 2 * static_cast<unsigned>(other_lines);
}

}  // namespace validator::report::html
