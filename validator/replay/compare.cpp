// SPDX-License-Identifier: Apache-2.0
// Rounds of runs, until no placement of a local is forced any more.
#include "validator/replay/compare.hpp"

#include <fmt/format.h>

#include "validator/replay/footprint.hpp"
#include "validator/replay/program.hpp"
#include "validator/replay/walk.hpp"

namespace validator::replay {

std::string hex(u128 value) {
  const auto high = static_cast<std::uint64_t>(value >> 64), low = static_cast<std::uint64_t>(value);
  return high == 0 ? fmt::format("{:#x}", low) : fmt::format("{:#x}{:016x}", high, low);
}

std::string_view difference_name(DifferenceKind kind) {
  static constexpr std::string_view names[] = {
      "event-kind", "missing-event", "extra-event", "callee",      "argument",     "effect",        "operand",
      "order",      "volatile",      "memory",      "result",      "callee-saved", "stack-pointer", "return-address",
      "ending",     "divergence",    "extra-read",  "extra-write", "below-stack",  "merged-locals"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view agreement_name(Agreement agreement) {
  static constexpr std::string_view names[] = {"equal",       "differs",      "source-undefined", "assumption",
                                               "unspecified", "inconclusive", "bad-graph"};
  return names[static_cast<std::size_t>(agreement)];
}

namespace {

/// Without an event, a source run that did not end well excuses whatever the binary does: it need not run.
bool nothing_follows(Comparison& result) {
  const RunResult& source = result.source;
  switch (source.ending) {
    case Ending::undefined:
      result.agreement = Agreement::source_undefined;
      break;
    case Ending::unspecified:
      result.agreement = Agreement::unspecified;
      break;
    case Ending::step_limit:
      result.agreement = Agreement::inconclusive;
      break;
    default:
      return false;
  }
  result.text = source.ending == Ending::step_limit ? "step limit of the source run" : source.text;
  return true;
}

}  // namespace

Comparison compare(const Program& source, const Program& binary, EntryState& entry, Environment& environment,
                   const CompareOptions& options) {
  constexpr int placement_rounds = 16;
  ExposedLocals exposed;
  entry.locals.clear();
  Comparison result;
  for (int round = 0; round < placement_rounds; ++round) {
    RunOptions run_options;
    run_options.limits = options.limits;
    run_options.record_path = options.record_path;
    run_options.lazy = options.lazy;
    run_options.callees = options.callees;
    run_options.coverage = options.coverage;
    run_options.private_placements = options.private_placements;
    result = {};
    result.source = source.run(entry, environment, run_options);
    const PrivateRanges ranges = PrivateRanges::of(entry, source.function());
    if (std::string broken = broken_assumption(source, entry, ranges, result.source, options.facts); !broken.empty()) {
      result.agreement = Agreement::assumption;
      result.text = std::move(broken);
      return result;
    }
    if (result.source.events.empty() && nothing_follows(result)) return result;
    run_options.lazy = nullptr;
    run_options.guide = &result.source;
    result.binary = binary.run(entry, environment, run_options);
    Walk walk(source, binary, entry, environment, options, exposed, result);
    walk.run();
    if (!walk.forced()) return result;
    entry.locals[walk.forced()->local] = walk.forced()->address;
    exposed[walk.forced()->local] = walk.forced()->event;
  }
  result.agreement = Agreement::unspecified;
  result.text = "too many placements of locals";
  return result;
}

Comparison compare(const ir::Function& source, const ir::Function& binary, const EntryState& entry,
                   const Environment& environment, const CompareOptions& options) {
  EntryState entry_copy = entry;
  Environment environment_copy = environment;
  return compare(Program(source, Side::source), Program(binary, Side::binary), entry_copy, environment_copy, options);
}

Comparison compare_firmly(const Program& source, const Program& binary, EntryState& entry, Environment& environment,
                          const CompareOptions& options) {
  Comparison first = compare(source, binary, entry, environment, options);
  if (first.agreement != Agreement::differs) return first;
  const std::vector<LocalSpan> locals = first.source.locals;
  // Two traces of millions of steps need not be there at once: the first is made again.
  constexpr std::size_t many_events = 100'000;
  const bool is_huge = first.source.events.size() + first.binary.events.size() > many_events;
  if (is_huge) first.source = first.binary = {};
  for (std::uint64_t round = 1; round <= 2; ++round) {
    EntryState moved = entry;
    Environment other = environment;
    other.seed = mix(environment.seed, round);
    // Local objects that no event has placed: lay them elsewhere.
    std::uint64_t next = private_locals + round * 0x4'0000'0000;
    std::map<std::string, std::uint64_t> moves;
    for (const LocalSpan& local : locals) {
      if (entry.locals.contains(local.name)) continue;
      moves[local.name] = next;
      next += (local.bytes + 0x1'ffff) & ~std::uint64_t{0xffff};
    }
    CompareOptions again = options;
    again.lazy = nullptr;
    again.private_placements = &moves;
    const Comparison second = compare(source, binary, moved, other, again);
    if (second.agreement == Agreement::differs && second.difference.event == first.difference.event) continue;
    first.agreement = Agreement::unspecified;
    first.text = "the difference depends on a choice or a placement: " + first.text;
    return first;
  }
  if (is_huge) {
    CompareOptions again = options;
    again.lazy = nullptr;
    first = compare(source, binary, entry, environment, again);
  }
  return first;
}

}  // namespace validator::replay
