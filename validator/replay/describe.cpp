// SPDX-License-Identifier: Apache-2.0
// The account that a person reads: what went in (in the words of both sides), what happened side by side, where they
// part.
#include <algorithm>

#include <fmt/format.h>

#include "validator/replay/counterexample.hpp"
#include "validator/replay/flat.hpp"

namespace validator::replay {

namespace {

std::string callee(const Event& event) {
  return event.symbol.empty() ? fmt::format("*{:#x}", event.target) : event.symbol;
}

/// One event; for a binary call the registers that the source's arguments say.
std::string event_text(const Event& event, const Event* source) {
  switch (event.kind) {
    case EventKind::call: {
      std::string text = "call " + callee(event) + "(";
      const auto& slots = source != nullptr && source->kind == EventKind::call ? source->arguments : event.arguments;
      for (std::size_t i = 0; i < slots.size(); ++i) {
        const bool in_register = slots[i].place.kind == ir::AbiPlace::Kind::x_register;
        if (i > 0) text += ", ";
        if (!in_register)
          text += source != nullptr ? fmt::format("[sp+{}]", slots[i].place.index)
                                    : fmt::format("[sp+{}]={}", slots[i].place.index, hex(slots[i].value));
        else if (source != nullptr && slots[i].place.index < event.x.size())
          text += fmt::format("x{}={:#x}", slots[i].place.index, event.x[slots[i].place.index]);
        else
          text += fmt::format("x{}={}", slots[i].place.index, hex(slots[i].value));
      }
      return text + ")";
    }
    case EventKind::effect: {
      std::string text = event.detail.empty() ? "effect" : event.detail;
      for (const SlotValue& operand : event.operands) text += " " + hex(operand.value);
      if (event.has_result) text += " -> " + hex(event.value);
      return text;
    }
    case EventKind::volatile_load:
      return fmt::format("load{} [{:#x}] -> {}", 8 * event.bytes, event.address, hex(event.value));
    case EventKind::volatile_store:
      return fmt::format("store{} [{:#x}] <- {}", 8 * event.bytes, event.address, hex(event.value));
  }
  return {};
}

std::string ending_text(const RunResult& run, const RunResult& source) {
  std::string text(ending_name(run.ending));
  if (run.ending == Ending::returned) {
    for (const SlotValue& result : source.results) {
      if (result.place.kind != ir::AbiPlace::Kind::x_register || result.place.index > 8) continue;
      const u128 value = run.side == Side::source ? result.value : run.x[result.place.index] & low_bits(result.bits);
      text += fmt::format(" x{}={}", result.place.index, hex(value));
    }
  } else if (!run.text.empty()) {
    text += ": " + run.text;
  }
  return text;
}

std::string entry_text(const SearchProblem& problem, const EntryState& entry, const Comparison& comparison) {
  std::string text = "entry\n";
  for (const ir::AbiSlot& slot : problem.source.parameters) {
    const std::string where = slot.place.kind == ir::AbiPlace::Kind::x_register
                                  ? fmt::format("x{} = {:#x}", slot.place.index, entry.x[slot.place.index % 31])
                                  : fmt::format("[sp+{}]", slot.place.index);
    text += fmt::format("  {:<24} = {:<20} {}\n", slot.term.name(), hex(entry.parameter(slot)), where);
  }
  text += fmt::format("  {:<24}   {:<20} sp = {:#x}, x30 = {:#x}\n", "", "", entry.sp, entry.x[30]);
  for (const auto& [name, address] : entry.locals)
    text +=
        fmt::format("  {:<24} lies at {:#x} = sp{:+}\n", name, address, static_cast<std::int64_t>(address - entry.sp));
  // Words that the source has read before writing them, in the order of its run.
  std::vector<std::uint64_t> shown;
  constexpr std::size_t most = 24;
  for (const Access& access : comparison.source.accesses) {
    if (access.is_write || access.by_environment || access.event > comparison.difference.event) continue;
    if (std::find(shown.begin(), shown.end(), access.address) != shown.end()) continue;
    if (shown.size() == most) {
      text += "  ...\n";
      break;
    }
    shown.push_back(access.address);
    u128 value = 0;
    for (unsigned i = 0; i < access.bytes; ++i) value |= static_cast<u128>(entry.byte(access.address + i)) << (8 * i);
    text += fmt::format("  [{:#x}], {} bytes{:<8} = {}\n", access.address, access.bytes, "", hex(value));
  }
  return text;
}

}  // namespace

std::string describe(const SearchProblem& problem, const Counterexample& counterexample, const Comparison& comparison,
                     const EmulatorReport* emulator) {
  const Difference& difference = comparison.difference;
  const bool differs = comparison.agreement == Agreement::differs;
  std::string text = differs ? fmt::format("{}: {} at event {}: {}\n", counterexample.symbol,
                                           difference_name(difference.kind), difference.event, difference.text)
                             : fmt::format("{}: {} {}\n", counterexample.symbol, agreement_name(comparison.agreement),
                                           comparison.text);
  text += entry_text(problem, counterexample.entry, comparison);
  std::vector<std::pair<std::string, std::string>> rows;
  const auto &source = comparison.source, &binary = comparison.binary;
  const std::size_t events = std::max(source.events.size(), binary.events.size());
  constexpr std::size_t context = 12;
  const std::size_t first = difference.event > context ? difference.event - context : 0;
  const std::size_t last = std::min(events, difference.event + 4);
  for (std::size_t k = first; k < last; ++k) {
    const Event* const expected = k < source.events.size() ? &source.events[k] : nullptr;
    rows.emplace_back(expected != nullptr ? event_text(*expected, nullptr) : "",
                      k < binary.events.size() ? event_text(binary.events[k], expected) : "");
    if (expected != nullptr && expected->line != 0) rows.back().first += fmt::format("  (line {})", expected->line);
    if (k < binary.events.size() && binary.events[k].code_address != 0)
      rows.back().second += fmt::format("  ({:#x})", binary.events[k].code_address);
  }
  if (last == events) rows.emplace_back(ending_text(source, source), ending_text(binary, source));
  std::size_t width = 6;
  for (const auto& row : rows) width = std::max(width, row.first.size());
  text += fmt::format("{:>6}  {:<{}} | {}\n", "", "source", width, "binary");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::string label = first + i < events ? std::to_string(first + i) : "end";
    const bool here = differs && first + i == difference.event;
    text +=
        fmt::format("{:>6}  {:<{}} | {}{}\n", label, rows[i].first, width, rows[i].second, here ? "   <- differs" : "");
  }
  if (emulator != nullptr) {
    switch (emulator->status) {
      case EmulatorReport::Status::agrees:
        text += fmt::format("emulator: agrees with the binary graph over {} instructions and {} calls\n",
                            emulator->instructions, emulator->calls);
        break;
      case EmulatorReport::Status::disagrees:
        text += "emulator: DISAGREES with the binary graph: " + emulator->text + "\n";
        break;
      case EmulatorReport::Status::unavailable:
        text += "emulator: not run: " + emulator->text + "\n";
        break;
    }
    for (const std::string& word : emulator->stubbed) text += "  stubbed word " + word + "\n";
  }
  return text;
}

Confirmation confirm(const SearchProblem& problem, const Counterexample& counterexample) {
  Confirmation result;
  Counterexample replayed = counterexample;
  result.comparison = replay(problem, replayed);
  if (result.comparison.agreement == Agreement::differs) {
    if (problem.image != nullptr)
      result.emulator =
          emulate(*problem.image, replayed.entry, result.comparison.binary, result.comparison.difference.event);
    switch (result.emulator.status) {
      case EmulatorReport::Status::agrees:
        result.status = Confirmation::Status::confirmed;
        break;
      case EmulatorReport::Status::disagrees:
        result.status = Confirmation::Status::model_disagrees;
        break;
      case EmulatorReport::Status::unavailable:
        result.status = Confirmation::Status::emulator_unavailable;
        break;
    }
  }
  result.text = describe(problem, replayed, result.comparison, &result.emulator);
  return result;
}

}  // namespace validator::replay
