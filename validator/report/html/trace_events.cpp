// SPDX-License-Identifier: Apache-2.0
#include "validator/report/html/trace_events.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace validator::report::html {
namespace {

using replay::Event;
using replay::EventKind;
using replay::SlotValue;

/// Of a long run the events near the difference.
constexpr std::size_t most_events = 60;

bool in_register(const SlotValue& slot) { return slot.place.kind == ir::AbiPlace::Kind::x_register; }

std::string place_text(const SlotValue& slot) {
  return in_register(slot) ? fmt::format("x{}", slot.place.index) : fmt::format("[sp+{}]", slot.place.index);
}

ir::u128 low(ir::u128 value, unsigned bits) {
  return bits >= 128 ? value : value & ((static_cast<ir::u128>(1) << bits) - 1);
}

bool differs(const SlotValue& source, ir::u128 binary) {
  return low((source.value ^ binary) & ~source.unspecified, source.bits) != 0;
}

std::string what(const Event& event, const Display& display) {
  switch (event.kind) {
    case EventKind::call:
      return "call " + (event.symbol.empty() ? fmt::format("*{:#x}", event.target) : display(event.symbol));
    case EventKind::effect:
      return event.detail.empty() ? "effect" : event.detail;
    case EventKind::volatile_load:
      return fmt::format("volatile load of {} bits", 8 * event.bytes);
    case EventKind::volatile_store:
      return fmt::format("volatile store of {} bits", 8 * event.bytes);
  }
  return {};
}

std::string argument_name(const Failure& failure, const Event& event, std::size_t index) {
  if (failure.problem.source_module == nullptr) return fmt::format("argument {}", index);
  const auto callee = failure.problem.source_module->functions.find(event.symbol);
  if (callee == failure.problem.source_module->functions.end()) return fmt::format("argument {}", index);
  for (const ir::AbiSlot& slot : callee->second.parameters) {
    if (slot.place == event.arguments[index].place) return name_text(slot.term.name());
  }
  return fmt::format("argument {}", index);
}

Json row(const std::string& name, const std::string& source, const std::string& place, const std::string& binary,
         bool differ) {
  return {name, source, place, binary, differ};
}

Json values_of(const Failure& failure, const Event* source, const Event* binary) {
  Json values = Json::array();
  if (source != nullptr && binary == nullptr) {
    for (std::size_t i = 0; i < source->arguments.size(); ++i) {
      const SlotValue& slot = source->arguments[i];
      values.push_back(row(argument_name(failure, *source, i), hex(low(slot.value, slot.bits)), place_text(slot), "", false));
    }
  }
  if (source == nullptr || binary == nullptr || source->kind != binary->kind) return values;
  if (source->kind == EventKind::call) {
    for (std::size_t i = 0; i < source->arguments.size(); ++i) {
      const SlotValue& slot = source->arguments[i];
      const bool known = in_register(slot) && slot.place.index < binary->x.size();
      const ir::u128 actual = known ? low(binary->x[slot.place.index], slot.bits) : 0;
      values.push_back(row(argument_name(failure, *source, i), hex(low(slot.value, slot.bits)), place_text(slot),
                           known ? hex(actual) : "", known && differs(slot, actual)));
    }
  } else if (source->kind == EventKind::effect) {
    for (std::size_t i = 0; i < std::min(source->operands.size(), binary->operands.size()); ++i) {
      const bool differ = differs(source->operands[i], binary->operands[i].value);
      values.push_back(row(fmt::format("operand {}", i), hex(source->operands[i].value), "",
                           hex(binary->operands[i].value), differ));
    }
  } else {
    values.push_back(
        row("address", hex(source->address), "", hex(binary->address), source->address != binary->address));
    values.push_back(row("value", hex(source->value), "", hex(binary->value),
                         ((source->value ^ binary->value) & ~source->unspecified) != 0));
  }
  return values;
}

Json side_json(const Event* event, const Display& display, const Steps& steps, std::size_t number) {
  if (event == nullptr) return nullptr;
  int at = -1;
  for (std::size_t i = 0; i < steps.list.size() && at < 0; ++i) {
    if (steps.list[i].event == number) at = static_cast<int>(steps.list[i].node);
  }
  return {{"what", what(*event, display)}, {"node", at}};
}

std::string ending_text(const replay::RunResult& run) {
  const std::string text(replay::ending_name(run.ending));
  return run.ending == replay::Ending::returned || run.text.empty() ? text : text + ": " + run.text;
}

Json end_json(const Failure& failure) {
  const replay::Comparison& comparison = failure.confirmation.comparison;
  const replay::Difference& difference = comparison.difference;
  using Kind = replay::DifferenceKind;
  Json values = Json::array();
  const bool both =
      comparison.source.ending == replay::Ending::returned && comparison.binary.ending == replay::Ending::returned;
  for (const SlotValue& slot : comparison.source.results) {
    if (!both || !in_register(slot) || slot.place.index >= comparison.binary.x.size()) continue;
    const ir::u128 actual = low(comparison.binary.x[slot.place.index], slot.bits);
    values.push_back(
        row("result", hex(low(slot.value, slot.bits)), place_text(slot), hex(actual), differs(slot, actual)));
  }
  if (both && difference.kind == Kind::callee_saved) {
    for (unsigned i = 19; i <= 29; ++i) {
      const std::uint64_t before = failure.counterexample.entry.x[i], after = comparison.binary.x[i];
      if (before != after) values.push_back(row("must be kept", hex(before), fmt::format("x{}", i), hex(after), true));
    }
  }
  return {{"source", {{"what", ending_text(comparison.source)}, {"node", -1}}},
          {"binary", {{"what", ending_text(comparison.binary)}, {"node", -1}}},
          {"values", std::move(values)},
          {"end", true}};
}

}  // namespace

std::vector<std::size_t> differing_arguments(const replay::Comparison& comparison, std::size_t event) {
  std::vector<std::size_t> result;
  if (event >= comparison.source.events.size() || event >= comparison.binary.events.size()) return result;
  const Event& binary = comparison.binary.events[event];
  for (const SlotValue& slot : comparison.source.events[event].arguments) {
    if (in_register(slot) && slot.place.index < binary.x.size() && differs(slot, binary.x[slot.place.index]))
      result.push_back(slot.place.index);
  }
  return result;
}

Json events_json(const Failure& failure, const Display& display, const Steps& source, const Steps& binary) {
  const replay::Comparison& comparison = failure.confirmation.comparison;
  const replay::Difference& difference = comparison.difference;
  const std::size_t all = std::max(comparison.source.events.size(), comparison.binary.events.size());
  const std::size_t last = std::min(all, difference.event + 1);
  const std::size_t first = last > most_events ? last - most_events : 0;
  Json list = Json::array();
  const auto add = [&](Json event, std::size_t number) {
    event["number"] = number;
    event["differs"] = number == difference.event;
    if (number == difference.event &&
        (difference.kind == replay::DifferenceKind::memory || difference.kind == replay::DifferenceKind::extra_read ||
         difference.kind == replay::DifferenceKind::extra_write)) {
      const bool compared = difference.kind == replay::DifferenceKind::memory;
      event["values"].push_back(row(fmt::format("memory at {}", hex(difference.address)),
                                    compared ? hex(difference.source_value) : "not accessed", "",
                                    compared ? hex(difference.binary_value) : "accessed", true));
    }
    list.push_back(std::move(event));
  };
  for (std::size_t k = first; k < last; ++k) {
    const Event* const theirs = k < comparison.source.events.size() ? &comparison.source.events[k] : nullptr;
    const Event* const ours = k < comparison.binary.events.size() ? &comparison.binary.events[k] : nullptr;
    add({{"source", side_json(theirs, display, source, k)},
         {"binary", side_json(ours, display, binary, k)},
         {"values", values_of(failure, theirs, ours)}},
        k);
  }
  if (difference.event >= all) add(end_json(failure), difference.event);
  return list;
}

}  // namespace validator::report::html
