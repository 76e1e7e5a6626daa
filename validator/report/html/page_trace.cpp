// SPDX-License-Identifier: Apache-2.0
// A counterexample as a trace: what went in, the steps of both sides with the values that they computed, the events at
// which the sides are compared, and where they part.
#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "validator/report/html/cause.hpp"
#include "validator/report/html/page.hpp"
#include "validator/report/html/repair.hpp"
#include "validator/report/html/trace_events.hpp"

namespace validator::report::html {
namespace {

/// Long runs are cut in the middle: the end is where the difference is.
constexpr std::size_t kept_first = 60, kept_last = 600;

struct Side {
  const Half& half;
  const replay::RunResult& run;
  Steps steps;
  std::vector<std::size_t> group_of;  ///< step -> row of the trace
  Json rows = Json::array();

  std::size_t block(ir::Graph::NodeId node) const {
    return node < half.blocks.block_of.size() ? half.blocks.block_of[node] : Blocks::none;
  }
};

int index_of(const ir::NodeData& data, bool binary, const Listing& listing) {
  return binary ? listing.code_index(data.address) : listing.line_index(data.where);
}

Json value_json(const std::optional<ir::u128>& value) { return value ? Json(hex(*value)) : Json(nullptr); }

/// One row for each instruction, and for each stretch of one source line.
void make_rows(Side& side, bool binary, const Listing& listing, std::size_t last_event) {
  struct At {
    std::size_t block = Blocks::none;
    int row = -2;
  } now;
  Json* row = nullptr;
  bool over = false;
  for (const Step& step : side.steps.list) {
    const At at{side.block(step.node), index_of(side.half.function->graph.at(step.node), binary, listing)};
    const bool event_before = row != nullptr && (*row)["event"].get<int>() >= 0;
    if (!over && (row == nullptr || at.block != now.block || at.row != now.row || (event_before && !binary))) {
      side.rows.push_back({{"block", at.block == Blocks::none ? -1 : static_cast<int>(at.block)},
                           {"row", at.row},
                           {"sets", Json::array()},
                           {"memory", Json::array()},
                           {"event", -1},
                           {"branch", -1}});
      row = &side.rows.back();
      now = at;
    }
    side.group_of.push_back(side.rows.empty() ? 0 : side.rows.size() - 1);
    if (over || row == nullptr) continue;
    for (const auto& [variable, value] : step.sets)
      (*row)["sets"].push_back({name_text(variable.name()), value_json(value)});
    if (step.memory)
      (*row)["memory"].push_back(
          {step.memory->writes ? 1 : 0, hex(step.memory->address), step.memory->bytes, hex(step.memory->value)});
    if (step.event) (*row)["event"] = *step.event;
    if (step.branch >= 0) (*row)["branch"] = step.branch;
    // Behind the difference a wrong binary may do anything.
    over = step.event && *step.event >= last_event;
  }
}

Json kept_rows(const Json& rows, std::size_t& skipped_from, std::size_t& skipped) {
  skipped = rows.size() > kept_first + kept_last ? rows.size() - kept_first - kept_last : 0;
  skipped_from = kept_first;
  Json kept = Json::array();
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (skipped == 0 || i < kept_first || i >= kept_first + skipped) kept.push_back(rows[i]);
  }
  return kept;
}

std::size_t step_of_event(const Steps& steps, std::size_t event) {
  for (std::size_t i = 0; i < steps.list.size(); ++i) {
    if (steps.list[i].event == event) return i;
  }
  return steps.list.size();
}

/// From what the wrong value is looked back.
Wanted wanted_of(const Failure& failure, const Side& side, bool binary) {
  using Kind = replay::DifferenceKind;
  const replay::Comparison& comparison = failure.confirmation.comparison;
  const replay::Difference& difference = comparison.difference;
  Wanted wanted;
  wanted.before = step_of_event(side.steps, difference.event);
  const Step* const at = wanted.before < side.steps.list.size() ? &side.steps.list[wanted.before] : nullptr;
  const auto register_of = [](unsigned i) { return ir::var("X" + std::to_string(i), ir::Sort::bitvec(64)); };
  const auto take = [&](const std::vector<ir::Term>& variables) {
    wanted.variables.insert(wanted.variables.end(), variables.begin(), variables.end());
  };
  switch (difference.kind) {
    case Kind::memory:
      wanted.memory = MemoryStep{difference.address, 1, false, 0};
      break;
    case Kind::result:
      for (std::size_t i = 0; i < comparison.source.results.size(); ++i) {
        const unsigned place = comparison.source.results[i].place.index;
        if (binary && place < 31) wanted.variables.push_back(register_of(place));
      }
      if (!binary && !side.steps.list.empty()) take(side.steps.list.back().reads);
      break;
    case Kind::argument:
      if (binary) {
        for (const std::size_t k : differing_arguments(comparison, difference.event))
          wanted.variables.push_back(register_of(static_cast<unsigned>(k)));
      } else if (at != nullptr) {
        take(at->reads);
      }
      break;
    case Kind::callee_saved:
      for (unsigned i = 19; binary && i <= 29; ++i) {
        if (comparison.binary.x[i] != failure.counterexample.entry.x[i]) wanted.variables.push_back(register_of(i));
      }
      break;
    case Kind::stack_pointer:
      if (binary) wanted.variables.push_back(ir::var("SP", ir::Sort::bitvec(64)));
      break;
    case Kind::return_address:
      if (binary) wanted.variables.push_back(register_of(30));
      break;
    default:
      if (at != nullptr) take(at->reads);
  }
  return wanted;
}

Json entry_json(const Failure& failure) {
  const replay::EntryState& entry = failure.counterexample.entry;
  Json parameters = Json::array(), locals = Json::array(), memory = Json::array();
  for (const ir::AbiSlot& slot : failure.problem.source.parameters) {
    const bool in_register = slot.place.kind == ir::AbiPlace::Kind::x_register;
    parameters.push_back({name_text(slot.term.name()), hex(entry.parameter(slot)),
                          in_register ? fmt::format("x{}", slot.place.index) : fmt::format("[sp+{}]", slot.place.index),
                          in_register ? hex(entry.x[slot.place.index % 31]) : ""});
  }
  for (const auto& [name, address] : entry.locals) {
    locals.push_back(
        {name_text(name), hex(address), fmt::format("sp{:+}", static_cast<std::int64_t>(address - entry.sp))});
  }
  constexpr std::size_t most = 40;
  std::set<std::uint64_t> shown;
  for (const replay::Access& access : failure.confirmation.comparison.source.accesses) {
    if (access.is_write || access.by_environment || shown.size() >= most || !shown.insert(access.address).second)
      continue;
    ir::u128 value = 0;
    for (unsigned i = 0; i < access.bytes; ++i)
      value |= static_cast<ir::u128>(entry.byte(access.address + i)) << (8 * i);
    memory.push_back({hex(access.address), access.bytes, hex(value)});
  }
  return {{"parameters", std::move(parameters)},
          {"locals", std::move(locals)},
          {"memory", std::move(memory)},
          {"sp", hex(entry.sp)}};
}

Suspicion suspect_of(const Failure& failure, const Side& source, const Side& binary,
                     const std::vector<std::size_t>& chain, const Wanted& wanted, const Listing& listing) {
  const auto line_of_source = [&](ir::Graph::NodeId node) {
    return listing.line_index(source.half.function->graph.at(node).where);
  };
  const auto line_of_binary = [&](ir::Graph::NodeId node) {
    const int code = listing.code_index(binary.half.function->graph.at(node).address);
    return code < 0 ? -1 : listing.line_of_code(code);
  };
  const Ways theirs{source.half.function->graph, source.steps, line_of_source},
      ours{binary.half.function->graph, binary.steps, line_of_binary};
  if (const std::optional<Repair> repair = find_repair(failure, theirs, ours, chain, wanted))
    return as_suspicion(*repair, ours);
  return look_first(theirs, ours, chain, wanted.before);
}

Json chain_json(const Side& side, const std::vector<std::size_t>& chain) {
  std::vector<std::size_t> rows;
  for (const std::size_t step : chain) {
    if (rows.empty() || rows.back() != side.group_of[step]) rows.push_back(side.group_of[step]);
  }
  return rows;
}

int last_block(const Side& side, std::size_t event) {
  const std::size_t at = step_of_event(side.steps, event);
  if (side.steps.list.empty()) return -1;
  const std::size_t block = side.block(side.steps.list[std::min(at, side.steps.list.size() - 1)].node);
  return block == Blocks::none ? -1 : static_cast<int>(block);
}

std::string_view emulator_status(replay::EmulatorReport::Status status) {
  switch (status) {
    case replay::EmulatorReport::Status::agrees:
      return "agrees";
    case replay::EmulatorReport::Status::disagrees:
      return "disagrees";
    case replay::EmulatorReport::Status::unavailable:
      break;
  }
  return "not run";
}

}  // namespace

Json trace_json(const Failure& failure, const PageInput& input, const Listing& listing) {
  const replay::Comparison& comparison = failure.confirmation.comparison;
  const replay::Difference& difference = comparison.difference;
  const replay::EntryState& entry = failure.counterexample.entry;
  Side source{input.source,
              comparison.source,
              steps_of(*input.source.function, comparison.source, comparison.binary, entry),
              {},
              Json::array()};
  Side binary{input.binary,
              comparison.binary,
              steps_of(*input.binary.function, comparison.binary, comparison.binary, entry),
              {},
              Json::array()};
  make_rows(source, false, listing, difference.event);
  make_rows(binary, true, listing, difference.event);

  Json json;
  json["kind"] = replay::difference_name(difference.kind);
  json["text"] = difference.text;
  json["event"] = difference.event;
  json["expected"] = hex(difference.source_value);
  json["actual"] = hex(difference.binary_value);
  json["entry"] = entry_json(failure);
  json["events"] = events_json(failure, input.display, source.steps, binary.steps);

  const Wanted wanted = wanted_of(failure, binary, true);
  const std::vector<std::size_t> chain = made_by(binary.steps, wanted);
  const std::vector<std::size_t> expected = made_by(source.steps, wanted_of(failure, source, false));
  const Suspicion suspicion = suspect_of(failure, source, binary, chain, wanted, listing);
  Json cause;
  cause["binary"] = chain_json(binary, chain);
  cause["source"] = chain_json(source, expected);
  cause["suspect"] = suspicion.step ? static_cast<int>(binary.group_of[*suspicion.step]) : -1;
  cause["decided_by"] = suspicion.decided_by ? static_cast<int>(binary.group_of[*suspicion.decided_by]) : -1;
  cause["why"] = suspicion.why;
  cause["source_block"] = last_block(source, difference.event);
  cause["binary_block"] = last_block(binary, difference.event);
  json["cause"] = std::move(cause);

  std::size_t from = 0, skipped = 0;
  json["source"] = kept_rows(source.rows, from, skipped);
  json["source_skipped"] = skipped;
  json["binary"] = kept_rows(binary.rows, from, skipped);
  json["binary_skipped"] = skipped;
  json["skipped_from"] = from;
  const replay::EmulatorReport& emulator = failure.confirmation.emulator;
  json["emulator"] = {{"status", emulator_status(emulator.status)},
                      {"instructions", emulator.instructions},
                      {"calls", emulator.calls},
                      {"stubbed", emulator.stubbed}};
  return json;
}

}  // namespace validator::report::html
