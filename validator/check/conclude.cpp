// SPDX-License-Identifier: Apache-2.0
#include "validator/check/conclude.hpp"

#include <map>
#include <set>

#include <fmt/format.h>

#include "ir/text.hpp"
#include "validator/check/fixed_symbols.hpp"

namespace validator::check {
namespace {

std::string names_of(const std::set<std::uint64_t>& callees, const Evidence& evidence) {
  std::set<std::string> names;
  for (std::uint64_t address : callees) {
    const std::optional<Symbol> symbol = evidence.containing(address);
    names.insert(symbol ? symbol->name : fmt::format("{:#x}", address));
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<Assumption> assumptions_of(const SourceRun& source, const BinaryRun& binary, const Evidence& evidence) {
  std::map<std::string, unsigned> undefined;
  unsigned unwritten = 0;
  for (const Fact& fact : source.facts) {
    if (fact.kind.starts_with("ub-")) ++undefined[fact.kind.substr(0, fact.kind.find(':'))];
    unwritten += fact.kind == "inv-unwritten";
  }
  std::vector<Assumption> result;
  for (const auto& [kind, times] : undefined) result.push_back({"A-UB", fmt::format("{} x{}", kind, times)});
  if (unwritten != 0)
    result.push_back({"A-INV", fmt::format("{} reads of static objects that nothing writes", unwritten)});
  std::map<std::string, unsigned> events;
  std::set<std::uint64_t> silent;
  std::set<std::string> maps, exits;
  bool devices = false, acquires = false, exclusives = false;
  for (const Event& event : source.events) {
    if (auto* effect = std::get_if<ir::Effect>(&source.function().graph.at(event.node).node)) {
      using Kind = ir::EffectKind;
      const bool leaves = effect->kind == Kind::exception || effect->kind == Kind::exception_return;
      if (leaves) exits.insert(effect->kind == Kind::exception ? effect->detail : "eret");
      exclusives = exclusives || effect->kind == Kind::exclusive_store;
      if (effect->kind == Kind::sysreg_write && effect->detail.starts_with("VBAR"))
        exits.insert("a write of " + effect->detail);
      for (const char* prefix : {"TTBR", "TCR_", "SCTLR_", "MAIR_"}) {
        if (effect->kind == Kind::sysreg_write && effect->detail.starts_with(prefix)) maps.insert(effect->detail);
      }
    }
    devices = devices || event.kind != EventKind::call;
    acquires = acquires || (event.kind == EventKind::volatile_load && event.compares_memory);
    if (event.kind == EventKind::call) ++events[event.key];
    if (event.kind == EventKind::call && event.keeps_memory) silent.insert(std::stoull(event.key.substr(event.key.rfind(' ') + 1)));
  }
  if (!events.empty())
    result.push_back({"A-CALLEE", fmt::format("{} callees by their AAPCS64 contract", events.size())});
  if (!silent.empty()) {
    result.push_back(
        {"A-CALLEE", fmt::format("write no visible memory, by their machine code: {}", names_of(silent, evidence))});
  }
  if (const auto& preserving = binary.preserving_callees; !preserving.empty()) {
    result.push_back({"A-CALLEE", fmt::format("leave temporaries alone, by their machine code: {}",
                                              names_of(preserving, evidence))});
  }
  if (!maps.empty()) {
    result.push_back(
        {"A-MAP", fmt::format("the map after a write of {} is the one before, where this code reads, writes or runs",
                              fmt::join(maps, ", "))});
  }
  if (!exits.empty())
    result.push_back({"A-EXIT", fmt::format("what follows {} is as its contract says", fmt::join(exits, ", "))});
  if (exclusives) result.push_back({"A-LLSC", "its exclusive stores succeed in the end"});
  if (devices) result.push_back({"A-DEV", "effects and volatile accesses get the same answers on both sides"});
  if (acquires) result.push_back({"A-OBS", "behind an acquire both sides find the same memory"});
  return result;
}

/// A proof about nothing is no proof: some end, event or loop must be reachable under all facts. Valid: one is; invalid: none is.
ir::Answer witnessed(const SourceRun& source, const BinaryRun& binary, Discharger& discharger) {
  std::vector<Term> paths;
  for (const End& end : binary.ends) paths.push_back(end.state.path);
  for (const Event& event : source.events) paths.push_back(event.path);
  for (const Arrival& arrival : binary.arrivals) paths.push_back(arrival.state.path);
  ir::Answer result = ir::Answer::invalid;
  for (const Term path : paths) {
    const ir::Answer answer = discharger.reachable(path);
    if (answer == ir::Answer::valid) return answer;
    if (answer == ir::Answer::unknown) result = answer;
  }
  return result;
}

std::string describe(const Obligation& open, const Discharged& why) {
  const char* answer = why.answer == ir::Answer::invalid ? "differs" : "undecided";
  return fmt::format("{} at {} {}", open.kind, open.text, answer);
}

/// The open obligation and, when the solver gave one, the entry state that violates it.
std::vector<std::string> details_of(const Obligation& open, const Discharged& why) {
  std::vector<std::string> lines;
  lines.push_back(fmt::format("open: {} at {}", open.kind, open.text));
  lines.push_back("  when " + ir::print(open.guard));
  if (open.goal) {
    lines.push_back("  show " + ir::print(open.goal));
  } else {
    lines.push_back("  source memory " + ir::print(open.left));
    lines.push_back("  binary memory " + ir::print(open.right));
  }
  if (!why.reason.empty()) lines.push_back("  solver: " + why.reason);
  if (!why.model) return lines;
  std::map<std::string, std::string> values;
  for (const auto& [variable, value] : why.model->scalars) {
    values[variable.name()] = fmt::format("{:#x}", static_cast<std::uint64_t>(value));
  }
  for (const auto& [name, value] : values) lines.push_back(fmt::format("  {} = {}", name, value));
  return lines;
}

}  // namespace

Outcome conclude(const Pair& pair, const Certificate& certificate, const SourceRun& source, const BinaryRun& binary,
                 const std::optional<Obligation>& open, const Discharged& why, const Evidence& evidence,
                 Discharger& discharger) {
  Outcome outcome;
  if (open) {
    outcome.verdict = Verdict::unknown;
    outcome.reason = why.answer == ir::Answer::invalid ? "not-equal" : "solver-limit";
    outcome.text = describe(*open, why);
    outcome.details = details_of(*open, why);
  } else if (const auto moving = moving_symbol(certificate, source, binary)) {
    outcome.verdict = Verdict::unknown;
    outcome.reason = "loop-relation";
    outcome.text = *moving + ", which each of its iterations makes anew";
  } else if (const ir::Answer witness = witnessed(source, binary, discharger); witness == ir::Answer::valid) {
    outcome.verdict = Verdict::proved;
  } else if (witness == ir::Answer::unknown) {
    outcome.verdict = Verdict::unknown;
    outcome.reason = "solver-limit";
    outcome.text = "whether an end or an event of the function can be reached is undecided";
  } else {
    outcome.verdict = Verdict::error;
    outcome.reason = "vacuous";
    outcome.text = "no end and no event of the function can be reached under the assumptions";
  }
  outcome.assumptions = assumptions_of(source, binary, evidence);
  outcome.covers = pair.inlined_binaries;
  outcome.inlined_sources = pair.inlined_sources;
  outcome.queries = discharger.queries();
  outcome.solver_units = discharger.solver_units();
  outcome.obligations = discharger.obligations;
  outcome.syntactic = discharger.syntactic;
  return outcome;
}

}  // namespace validator::check
